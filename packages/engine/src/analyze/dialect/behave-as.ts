import type { Endpoint } from "../../evaluate/connection.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { NetworkPolicy, PolicyPeer, PolicyPort, PolicyRule } from "../../model/network-policy.ts";
import { type Pod, isSamePod } from "../../model/pod.ts";
import type { Address } from "../../net/address.ts";
import { type Cidr, cidrContains, cidrOf } from "../../net/cidr.ts";
import type { Behaviour } from "./dialect.ts";

/** A cluster of which the API's rules say what a plugin of this behaviour does with the given one. */
export function behaveAs(cluster: Cluster, behaviours: readonly Behaviour[]): Cluster {
  return behaviours.reduce(changedBy, cluster);
}

/** An end as it is in such a cluster. */
export function endIn(cluster: Cluster, end: Endpoint): Endpoint {
  if (end.kind === "address") return end;
  const pod = cluster.pods.find((other) => isSamePod(other, end.pod));
  if (pod === undefined) return end;
  return pod.addresses.length === 0 ? { kind: "pod", pod } : { ...end, pod };
}

function changedBy(cluster: Cluster, behaviour: Behaviour): Cluster {
  switch (behaviour) {
    case "blocks-skip-pods":
      // What has no address is in no block.
      return withPods(cluster, (pod) => (pod.hostNetwork ? pod : { ...pod, addresses: [] }));
    case "blocks-skip-nodes": {
      const hosts = cluster.pods.filter(({ hostNetwork }) => hostNetwork);
      const addresses = [...cluster.nodes.values(), ...hosts].flatMap((node) => node.addresses);
      const changed = withPods(cluster, (pod) => (pod.hostNetwork ? { ...pod, addresses: [] } : pod));
      return withPeers(changed, (peer) => without(peer, addresses));
    }
    case "end-port-ignored":
      return withRules(cluster, (rule) => ({ ...rule, ports: rule.ports.map(firstPort) }));
    case "host-network-pods-selected":
      return withPods(cluster, (pod) => ({ ...pod, hostNetwork: false }));
    case "own-node-egress-judged":
      return withPods(cluster, (pod) => (pod.hostNetwork ? pod : withoutNode(pod)));
  }
}

/** A pod that has no own node. */
function withoutNode(pod: Pod): Pod {
  const { node: _, ...rest } = pod;
  return rest;
}

function firstPort(item: PolicyPort): PolicyPort {
  const { port } = item;
  return port.kind === "interval" ? { ...item, port: { ...port, last: port.first } } : item;
}

/** A block with exceptions for some addresses; one that is left empty stays, and holds nothing. */
function without(peer: PolicyPeer, addresses: readonly Address[]): PolicyPeer {
  if (peer.kind !== "ipBlock") return peer;
  const inside = addresses.filter((address) => cidrContains(peer.cidr, address));
  const singles: readonly Cidr[] = inside.map((address) => cidrOf(address, address.family === 4 ? 32 : 128));
  return inside.length === 0 ? peer : { ...peer, except: [...peer.except, ...singles] };
}

function withPods(cluster: Cluster, change: (pod: Pod) => Pod): Cluster {
  return { ...cluster, pods: cluster.pods.map(change) };
}

function withPeers(cluster: Cluster, change: (peer: PolicyPeer) => PolicyPeer): Cluster {
  return withRules(cluster, (rule) => ({ ...rule, peers: rule.peers.map(change) }));
}

function withRules(cluster: Cluster, change: (rule: PolicyRule) => PolicyRule): Cluster {
  const policies = cluster.policies.map(
    (policy): NetworkPolicy => ({
      ...policy,
      ingress: policy.ingress.map(change),
      egress: policy.egress.map(change),
    }),
  );
  return { ...cluster, policies };
}
