import type { Diagnostic } from "../source/diagnostic.ts";
import type { MappingEntry, SourceNode } from "../source/source-node.ts";
import type { Field } from "./field.ts";
import { wrongType } from "./problem.ts";

/** The whole of an object. */
export function rootField(node: SourceNode, problems: Diagnostic[]): Field {
  return { path: "", node, range: node.range, problems };
}

/** A field of a mapping; an absent one where there is no such field or no mapping. */
export function child(parent: Field, key: string): Field {
  const path = parent.path === "" ? key : `${parent.path}.${key}`;
  const { problems } = parent;
  // Every field of every object comes through here: a loop, since a closure and spread objects cost most of the time.
  for (const entry of entriesOf(parent)) {
    if (entry.key !== key) continue;
    const { value } = entry;
    if (isNull(value)) return { path, node: undefined, range: entry.keyRange, problems };
    return { path, node: value, range: value.range, problems };
  }
  return { path, node: undefined, range: parent.range, problems };
}

/** A field some levels down. */
export function descendant(parent: Field, ...keys: readonly string[]): Field {
  return keys.reduce(child, parent);
}

/** The items of a list; none where it is absent, null or, which is a problem, no list. */
export function items(list: Field): readonly Field[] {
  if (list.node === undefined) return [];
  if (list.node.kind !== "sequence") {
    wrongType(list, "a list");
    return [];
  }
  return list.node.items.map((node, index) => ({
    path: `${list.path}[${index}]`,
    node: isNull(node) ? undefined : node,
    range: node.range,
    problems: list.problems,
  }));
}

/** A field with another place for what is found wrong with it. */
export function withProblems(field: Field, problems: Diagnostic[]): Field {
  return { ...field, problems };
}

/** Reports a field that is there and is no mapping; tells whether it is one. */
export function checkMapping(field: Field): boolean {
  if (field.node?.kind === "mapping") return true;
  if (field.node !== undefined) wrongType(field, "a mapping");
  return false;
}

/** The entries of a mapping, none where it is anything else. */
export function entriesOf(field: Field): readonly MappingEntry[] {
  return field.node?.kind === "mapping" ? field.node.entries : none;
}

const none: readonly MappingEntry[] = [];

function isNull(node: SourceNode): boolean {
  return node.kind === "scalar" && node.value === null;
}
