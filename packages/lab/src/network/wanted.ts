import { type Address, type Cluster, type Pod, formatAddress, podKey } from "@podwall/engine";
import type { Listener } from "../pod/messages.ts";
import { type Place, nameOfPlace, placeOfPod } from "./place.ts";

/** A pod that has a namespace of its own. */
export interface WantedPod {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly addresses: readonly Address[];
}

/** The pods to run: those on one of the lab's nodes that have a network of their own and have not ended. */
export function wantedPods(cluster: Cluster, nodes: ReadonlySet<string>): ReadonlyMap<string, WantedPod> {
  const wanted = new Map<string, WantedPod>();
  for (const pod of cluster.pods) {
    const { namespace, name, node, addresses } = pod;
    if (pod.hostNetwork || pod.completed || node === undefined || !nodes.has(node)) continue;
    wanted.set(podKey(pod), { key: podKey(pod), namespace, name, node, addresses });
  }
  return wanted;
}

/** Where to listen in each place: on every port its pods declare. SCTP is left out: few kernels have its sockets. */
export function wantedListeners(
  cluster: Cluster,
): ReadonlyMap<string, { readonly place: Place; readonly listeners: readonly Listener[] }> {
  const wanted = new Map<string, { place: Place; listeners: Listener[] }>();
  for (const pod of cluster.pods) {
    if (pod.completed) continue;
    const place = placeOfPod(pod);
    const entry = wanted.get(nameOfPlace(place)) ?? { place, listeners: [] };
    entry.listeners.push(...listenersOf(pod));
    wanted.set(nameOfPlace(place), entry);
  }
  return wanted;
}

function listenersOf(pod: Pod): Listener[] {
  const addresses = [...pod.addresses.map(formatAddress), "127.0.0.1", "::1"];
  return pod.ports.flatMap(({ protocol, port }) =>
    protocol === "SCTP" ? [] : addresses.map((address) => ({ protocol, address, port })),
  );
}
