import type { ChangingObject, ClusterChange } from "../evaluate/fast/fast-evaluator.ts";
import type { Differences } from "./differences.ts";

/** Pairs what went with what came in its place, by key. */
export function replacements<T extends ChangingObject>(
  { gone, came }: Differences<T>,
  keyOf: (object: T) => string,
): ClusterChange[] {
  const before = new Map(gone.map((object) => [keyOf(object), object]));
  const changes: ClusterChange[] = came.map((after) => {
    const key = keyOf(after);
    const old = before.get(key);
    before.delete(key);
    return old === undefined ? { after } : { before: old, after };
  });
  return [...changes, ...[...before.values()].map((object) => ({ before: object }))];
}

/** What differs between two maps by name. Namespaces of which only the name is known are alike. */
export function namedChanges<T extends ChangingObject>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): ClusterChange[] {
  if (before === after) return [];
  const changes: ClusterChange[] = [];
  after.forEach((now, name) => {
    const was = before.get(name);
    if (was === undefined) changes.push({ after: now });
    else if (was !== now && !(isUndeclared(was) && isUndeclared(now))) changes.push({ before: was, after: now });
  });
  before.forEach((was, name) => {
    if (!after.has(name)) changes.push({ before: was });
  });
  return changes;
}

function isUndeclared(object: ChangingObject): boolean {
  return object.kind === "Namespace" && !object.declared;
}
