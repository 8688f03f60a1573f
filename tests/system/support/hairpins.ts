import { type Cluster, type Pod, type Service, podKey, verdict } from "../../../packages/engine/src/index.ts";
import { placeOfPod, serviceAddresses } from "../../../packages/lab/src/index.ts";
import type { PredictedCell } from "../../../packages/lab/src/probe/probe-cells.ts";

/** A Service of a pod's own, with a number for its addresses: all its ports, under their own numbers. */
export function ownService(pod: Pod, number: number, ports: readonly number[]): Service {
  return {
    kind: "Service",
    namespace: pod.namespace,
    name: pod.name,
    selector: pod.labels,
    addresses: serviceAddresses(number),
    headless: false,
    type: "ClusterIP",
    ports: ports.flatMap((port) => (["TCP", "UDP"] as const).map((protocol) => ({ protocol, port, targetPort: port }))),
  };
}

/** Each pod that has a Service of its own name, with itself through that, with its prediction. */
export function hairpinCells(
  cluster: Cluster,
  services: readonly Service[],
  ports: readonly number[],
): PredictedCell[] {
  return cluster.pods.flatMap((pod) => {
    const service = services.find(({ namespace, name }) => namespace === pod.namespace && name === pod.name);
    return (service?.addresses ?? []).flatMap((address) => {
      const own = pod.addresses.find(({ family }) => family === address.family);
      if (own === undefined) return [];
      return (["TCP", "UDP"] as const).flatMap((protocol) =>
        ports.map((port): PredictedCell => {
          const end = { kind: "pod" as const, pod, address: own };
          const connection = { source: end, destination: end, protocol, port, throughService: true };
          const from = podKey(pod);
          const place = placeOfPod(pod);
          return {
            cell: { from, to: from, source: place, destination: place, address, protocol, port, connection },
            verdict: verdict(cluster, connection),
          };
        }),
      );
    });
  });
}
