import type { Endpoint } from "../../evaluate/connection.ts";
import { isNodeEnd } from "../../evaluate/tier-rules.ts";
import type { Cluster, ClusterNode } from "../../model/cluster.ts";
import { type Pod, isPolicyPod, podKey } from "../../model/pod.ts";
import { formatAddress } from "../../net/address.ts";
import type { Variation } from "./world.ts";

/** Whether a pod runs on the node that the other end is, or is on; undefined where that is known, or cannot be. */
export function placementVariation(
  cluster: Cluster,
  side: "source" | "destination",
  end: Endpoint,
  peer: Endpoint,
): Variation | undefined {
  if (end.kind !== "pod" || !isPolicyPod(end.pod)) return undefined;
  const own = end.pod.node;
  const node = nodeOf(cluster, peer);
  if (node === undefined) return undefined;
  if (own !== undefined && node !== "unknown") return undefined;
  const name = node !== "unknown" ? node : (own ?? madeUpNode);
  const other = side === "source" ? "destination" : "source";
  const at = <E extends Endpoint>(one: E): E =>
    one.kind === "pod" ? { ...one, pod: { ...one.pod, node: name } } : one;
  const peerName = peer.kind === "pod" ? podKey(peer.pod) : formatAddress(peer.address);
  return {
    fact: { kind: "placement", pod: podKey(end.pod), peer: peerName },
    others: (world) => [
      {
        ...world,
        cluster: { ...world.cluster, nodes: new Map([[name, bareNode(name)], ...world.cluster.nodes]) },
        [side]: at(world[side]),
        [other]: at(world[other]),
      },
    ],
  };
}

/** The node that an end is or is on: its name, `unknown`, or none where the end is in no node's network. */
function nodeOf(cluster: Cluster, end: Endpoint): string | undefined {
  if (end.kind === "pod") return isHostPod(end.pod) ? (end.pod.node ?? "unknown") : undefined;
  return [...cluster.nodes.keys()].find((name) => isNodeEnd(cluster, name, end));
}

function isHostPod({ hostNetwork, completed }: Pod): boolean {
  return hostNetwork && !completed;
}

const madeUpNode = "podwall-some-node";

function bareNode(name: string): ClusterNode {
  return { kind: "Node", name, labels: new Map(), addresses: [], podCidrs: [] };
}
