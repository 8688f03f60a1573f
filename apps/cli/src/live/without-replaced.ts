import type { ApiObject } from "@podwall/engine";

/**
 * Objects without the pods of workloads that are there themselves: pods come from a cluster, workloads from a change, and the
 * workload's new pods take the place of those that run now.
 */
export function withoutReplaced(objects: readonly ApiObject[]): readonly ApiObject[] {
  const there = new Set(objects.map((object) => `${object.kind} ${identity(object)}`));
  return objects.filter((object) => {
    if (object.kind !== "Pod" || object.workload === undefined) return true;
    const { kind, name } = object.workload;
    return !there.has(`${kind} ${identity({ namespace: object.namespace, name })}`);
  });
}

function identity(object: { readonly namespace?: string; readonly name: string }): string {
  return `${object.namespace ?? ""}/${object.name}`;
}
