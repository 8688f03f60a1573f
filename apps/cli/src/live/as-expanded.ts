import type { ApiObject, Pod } from "@podwall/engine";

/** Labels that controllers add, which no two replicas' templates have in common for long. */
const ofControllers = new Set(["pod-template-hash", "controller-revision-hash", "pod-template-generation"]);

/**
 * A cluster's pods as they would be if its workloads were read from manifests, so that the two can be compared: two stand
 * for all that are alike, and are numbered instead of what its controller made up. Pods of a StatefulSet have their names already.
 */
export function asExpanded(objects: readonly ApiObject[]): readonly ApiObject[] {
  const seen = new Map<string, number>();
  const counts = new Map<string, number>();
  return objects.flatMap((object) => {
    if (object.kind !== "Pod" || object.workload === undefined || object.workload.kind === "StatefulSet")
      return [object];
    const { kind, name } = object.workload;
    if (kind === "DaemonSet")
      return [{ ...object, name: object.node === undefined ? `${name}-1` : `${name}-${object.node}` }];
    const likeness = JSON.stringify([object.namespace, kind, name, ...traits(object)]);
    const alike = (seen.get(likeness) ?? 0) + 1;
    if (alike > 2) return [];
    seen.set(likeness, alike);
    const workload = JSON.stringify([object.namespace, kind, name]);
    const count = (counts.get(workload) ?? 0) + 1;
    counts.set(workload, count);
    return [{ ...object, name: `${name}-${count}` }];
  });
}

/** What policies can tell replicas of a workload apart by. */
function traits({ labels, hostNetwork, completed, ports }: Pod): readonly unknown[] {
  const own = [...labels].filter(([key]) => !ofControllers.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return [own, hostNetwork, completed, ports];
}
