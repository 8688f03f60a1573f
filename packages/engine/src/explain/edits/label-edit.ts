import { flattenLists } from "../../api/flatten-lists.ts";
import { descendant, entriesOf } from "../../api/read-field.ts";
import type { Pod } from "../../model/pod.ts";
import type { SelectorRequirement } from "../../model/selector.ts";
import { parse } from "../../source/parse.ts";
import { documentOf, partOf } from "./document-of.ts";
import type { Edit } from "./edit.ts";

/**
 * Gives a pod, or the template it is made of, a label that it lacks. A label that is there is left alone, since Services
 * and workloads may select by it.
 */
export function labelEdit(pod: Pod, { key, operator, values }: SelectorRequirement): Edit | undefined {
  const value = operator === "Exists" ? "true" : operator === "In" ? values[0] : undefined;
  const { range } = pod;
  if (value === undefined || range === undefined || pod.labels.has(key)) return undefined;
  const bounds = documentOf(range);
  const part = partOf(range.file, bounds);
  const objects = parse(part).documents.flatMap((document) => [...flattenLists(document)]);
  const object = objects.find(({ root }) => root.range.start === range.start - bounds.start);
  const template = templates[pod.workload?.kind ?? "Pod"] ?? ["spec", "template"];
  const labels = object && entriesOf(descendant(object.root, ...template, "metadata", "labels"));
  const last = labels?.at(-1);
  if (last === undefined) return undefined;
  const lineStart = part.text.lastIndexOf("\n", last.keyRange.start - 1) + 1;
  const before = part.text.slice(lineStart, last.keyRange.start);
  const isBlock = /^ *$/.test(before);
  const end = last.value.range.end;
  const lineEnd = part.text.indexOf("\n", end);
  const at = isBlock ? (lineEnd < 0 ? part.text.length : lineEnd) : end;
  const [keyText, valueText] = [JSON.stringify(key), JSON.stringify(value)];
  const text = isBlock ? `\n${before}${plain(key)}: ${plain(value)}` : `, ${keyText}: ${valueText}`;
  const who = pod.workload === undefined ? `Pod ${pod.namespace}/${pod.name}` : ownerOf(pod, pod.workload);
  return {
    kind: "add-label",
    summary: `give ${who} the label ${key}=${value}`,
    changes: [{ file: range.file, start: bounds.start + at, end: bounds.start + at, text }],
  };
}

const templates: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

function ownerOf({ namespace }: Pod, { kind, name }: NonNullable<Pod["workload"]>): string {
  return `the pods of ${kind} ${namespace}/${name}`;
}

function plain(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
