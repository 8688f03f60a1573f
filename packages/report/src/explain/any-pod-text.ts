import {
  type AnyPod,
  type Labels,
  type PossibleEnd,
  formatConnections,
  formatIntervals,
  formatSelector,
  isEmpty,
} from "@podwall/engine";
import { printable } from "../printable.ts";
import { placeText, policyText } from "../reason-text.ts";
import type { Style } from "../style.ts";
import { jsonConnections } from "../verdict-json.ts";
import { GroupedNotes } from "./grouped-notes.ts";
import { jsonMissingFacts } from "./missing-facts-json.ts";
import { MissingNotes } from "./missing-notes.ts";
import { jsonIntervals } from "./reach-json.ts";
import { widthOf } from "./reach-text.ts";
import { setText } from "./reached-text.ts";

/** What a pod that is not there yet could do, whatever its labels. */
export function anyPodText({ namespace, policies, source, destination, isCut }: AnyPod, style: Style): string {
  const notes = new GroupedNotes();
  return [
    `a new pod in namespace ${printable(namespace)}, with any labels`,
    ...(policies.length === 0 ? ["  no NetworkPolicy of the namespace could select it"] : []),
    ...policies.map(({ policy, selectsAll }) => {
      const whom = selectsAll ? "selects it" : printable(`selects it with ${formatSelector(policy.podSelector)}`);
      return `  ${policyText(policy)} ${whom}, for ${policy.directions.join(" and ")}${placeText(policy.range, style)}`;
    }),
    ...sideLines("may reach", source, notes, style),
    ...sideLines("may be reached by", destination, notes, style),
    ...notes.lines,
    ...(isCut ? [style.warn("not all labels were tried that policies tell apart: there are too many")] : []),
  ].join("\n");
}

function sideLines(what: string, ends: readonly PossibleEnd[], notes: GroupedNotes, style: Style): string[] {
  if (ends.length === 0) return [`${what} ${style.bad("nobody")}`];
  const names = ends.map(({ end }) => printable(typeof end === "string" ? end : formatIntervals(end)));
  const width = widthOf(names);
  return [
    `${what}:`,
    ...ends.map((end, index) => `  ${(names[index] as string).padEnd(width)}  ${endText(end, notes, style)}`),
  ];
}

/** What passes always, with some labels, and as things are that are not known. */
function endText({ always, possible, example, unknown }: PossibleEnd, notes: GroupedNotes, style: Style): string {
  const parts = [
    ...(example === undefined && !isEmpty(always) ? [setText(always, style)] : []),
    ...(example !== undefined && !isEmpty(always) ? [`${setText(always, style)} always`] : []),
    ...(example === undefined ? [] : [`${setText(possible, style)} ${withLabels(example)}`]),
  ];
  const known = parts.join(", ");
  if (unknown === undefined) return known;
  const labels = unknown.example === undefined ? "" : ` ${withLabels(unknown.example)}`;
  const open = `${style.warn(`unknown: ${formatConnections(unknown.connections)}`)}${labels}${notes.mark(unknown.missing)}`;
  return known === "" ? open : `${known}; ${open}`;
}

function withLabels(example: Labels): string {
  return printable(example.size === 0 ? "without labels" : `with labels such as ${labelsText(example)}`);
}

function labelsText(labels: Labels): string {
  return [...labels].map(([key, value]) => `${key}=${value}`).join(",");
}

/** The same for programs, for each namespace; `missing` of what is not known are places in `missing` of all. */
export function jsonAnyPods(found: readonly AnyPod[]): Readonly<Record<string, unknown>> {
  const notes = new MissingNotes();
  const namespaces = found.map((one) => jsonAnyPod(one, notes));
  return { namespaces, missing: jsonMissingFacts(notes.facts) };
}

function jsonAnyPod(
  { namespace, policies, source, destination, isCut }: AnyPod,
  notes: MissingNotes,
): Readonly<Record<string, unknown>> {
  const side = (ends: readonly PossibleEnd[]): readonly Readonly<Record<string, unknown>>[] =>
    ends.map(({ end, always, possible, example, unknown }) => ({
      ...(typeof end === "string" ? { name: end } : { intervals: jsonIntervals(end) }),
      always: jsonConnections(always),
      possible: jsonConnections(possible),
      example: example && Object.fromEntries(example),
      unknown: unknown && {
        connections: jsonConnections(unknown.connections),
        missing: notes.placesOf(unknown.missing),
        example: unknown.example && Object.fromEntries(unknown.example),
      },
    }));
  return {
    namespace,
    policies: policies.map(({ policy, selectsAll }) => ({
      policy: `${policy.namespace}/${policy.name}`,
      selector: formatSelector(policy.podSelector),
      selectsAll,
      directions: policy.directions,
    })),
    source: side(source),
    destination: side(destination),
    isCut,
  };
}
