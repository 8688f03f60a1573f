import type { Pod } from "./pod.ts";
import type { Labels } from "./selector.ts";
import type { Workload } from "./workload.ts";

/** A DaemonSet has a pod on each of these nodes; where none is known, one somewhere. */
export interface ExpansionOptions {
  readonly replicas: number;
  readonly nodes: readonly string[];
}

/**
 * The pods of a workload, as its controller would make them, but for names: a controller makes up a random ending,
 * here they are numbered. Pods of a StatefulSet are numbered from 0, as its controller does, and get its labels.
 */
export function expandWorkload(workload: Workload, { replicas, nodes }: ExpansionOptions): Pod[] {
  if (workload.kind === "DaemonSet" && nodes.length > 0) {
    return nodes.map((node) => ({ ...replica(workload, `${workload.name}-${node}`, workload.labels), node }));
  }
  const first = workload.kind === "StatefulSet" ? 0 : 1;
  const { replicas: wanted = replicas } = workload;
  return Array.from({ length: replicas }, (_, index) => {
    const name = `${workload.name}-${first + index}`;
    const labels = workload.kind === "StatefulSet" ? ordinalLabels(workload, name, index) : workload.labels;
    const made = replica(workload, name, labels);
    const { kind, name: owner } = workload;
    return wanted > replicas ? { ...made, workload: { kind, name: owner, replicas: wanted } } : made;
  });
}

function replica(workload: Workload, name: string, labels: Labels): Pod {
  return {
    kind: "Pod",
    namespace: workload.namespace,
    name,
    labels,
    hostNetwork: workload.hostNetwork,
    completed: false,
    addresses: [],
    ports: workload.ports,
    workload: { kind: workload.kind, name: workload.name },
    ...(workload.scrape === undefined ? {} : { scrape: workload.scrape }),
    ...(workload.range === undefined ? {} : { range: workload.range }),
  };
}

/** Labels that tell a StatefulSet's pods apart (kubernetes.io/docs, StatefulSet "Pod name label" and "Pod index label"). */
function ordinalLabels(workload: Workload, name: string, index: number): Labels {
  return new Map([
    ...workload.labels,
    ["statefulset.kubernetes.io/pod-name", name],
    ["apps.kubernetes.io/pod-index", `${index}`],
  ]);
}
