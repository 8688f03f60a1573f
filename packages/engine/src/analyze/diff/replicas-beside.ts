import type { ApiObject } from "../../model/api-object.ts";
import { representatives } from "../../model/cluster-from.ts";
import { type Pod, workloadKinds } from "../../model/pod.ts";
import type { Workload } from "../../model/workload.ts";

/**
 * How many pods stand for a workload of a state that is compared with another: as many as in the other one, so that more
 * or fewer replicas that are alike are no change of who may talk to whom.
 */
export function replicasBeside(others: readonly ApiObject[]): (workload: Workload) => number {
  const pods = new Map<string, number>();
  const workloads = new Map<string, Workload>();
  for (const object of others) {
    if (object.kind === "Pod") {
      const key = ownerOf(object);
      if (key !== undefined) pods.set(key, (pods.get(key) ?? 0) + 1);
    } else if (isWorkload(object)) workloads.set(keyOf(object), object);
  }
  return (workload) => {
    const own = representatives(workload);
    if (workload.kind === "StatefulSet" || own === 0) return own;
    const running = pods.get(keyOf(workload));
    if (running !== undefined) return Math.min(2, running);
    const other = workloads.get(keyOf(workload));
    return Math.max(own, other === undefined ? 0 : representatives(other));
  };
}

function isWorkload(object: ApiObject): object is Workload {
  return kinds.has(object.kind);
}

const kinds: ReadonlySet<string> = new Set(workloadKinds);

function ownerOf({ namespace, workload }: Pod): string | undefined {
  return workload && keyOf({ ...workload, namespace });
}

function keyOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${kind} ${namespace}/${name}`;
}
