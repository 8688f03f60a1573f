import type { Endpoint } from "../../evaluate/connection.ts";
import { isNodeEnd, isUnknownPod } from "../../evaluate/tier-rules.ts";
import type { Cluster, Namespace } from "../../model/cluster.ts";
import type { PodPeer } from "../../model/network-policy.ts";
import type { Pod } from "../../model/pod.ts";
import type { LabelSelector, Labels } from "../../model/selector.ts";
import { type Address, formatAddress } from "../../net/address.ts";
import { type Cidr, cidrContains, cidrOf, parseCidr } from "../../net/cidr.ts";
import { satisfying } from "./label-choices.ts";
import type { Variation, World } from "./world.ts";

/** An address that may be that of a pod which is not in the input: it is in a range of pods, or in a private one. */
export function unknownPodVariation(
  cluster: Cluster,
  side: "source" | "destination",
  end: Endpoint,
): Variation | undefined {
  if (end.kind !== "address" || !mayBePod(cluster, end)) return undefined;
  const strangers = strangersOf(cluster);
  const { address } = end;
  return {
    fact: { kind: "unknown-pod", address: formatAddress(address) },
    others: (world) => strangers.map((stranger) => asStranger(world, side, stranger, address)),
  };
}

/** Whether an address is one that a name stands for. */
export function domainNameVariation(cluster: Cluster, end: Endpoint): Variation | undefined {
  if (end.kind !== "address") return undefined;
  const { address } = end;
  const names = cluster.clusterPolicies
    .flatMap(({ egress }) => egress)
    .flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === "domain-names" ? peer.domainNames : [])));
  if (names.length === 0) return undefined;
  const block = cidrOf(address, address.family === 4 ? 32 : 128);
  return {
    fact: { kind: "domain-name", address: formatAddress(address), domainNames: [...new Set(names)] },
    others: (world) => [{ ...world, cluster: namesAreAt(world.cluster, block) }],
  };
}

function namesAreAt(cluster: Cluster, block: Cidr): Cluster {
  const clusterPolicies = cluster.clusterPolicies.map((policy) => ({
    ...policy,
    egress: policy.egress.map((rule) => ({
      ...rule,
      peers: rule.peers.map((peer) =>
        peer.kind === "domain-names" ? ({ kind: "networks", path: peer.path, networks: [block] } as const) : peer,
      ),
    })),
  }));
  return { ...cluster, clusterPolicies };
}

/** Where no node says which addresses are pods', a private one that is no node's may be (RFC 1918, RFC 6598, RFC 4193). */
export function mayBePod(cluster: Cluster, end: Endpoint & { readonly kind: "address" }): boolean {
  if ([...cluster.nodes.keys()].some((name) => isNodeEnd(cluster, name, end))) return false;
  if ([...cluster.nodes.values()].some(({ podCidrs }) => podCidrs.length > 0)) return isUnknownPod(cluster, end);
  return privateRanges.some((range) => cidrContains(range, end.address));
}

export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"].map(
  (text) => parseCidr(text).cidr as Cidr,
);

/** A pod as some peer selects one, and one that none does. */
interface Stranger {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

function strangersOf({ policies, clusterPolicies }: Cluster): readonly Stranger[] {
  const ofPolicies = policies.flatMap(({ namespace, ingress, egress }) =>
    [...ingress, ...egress]
      .flatMap(({ peers }) => peers)
      .flatMap((peer) => (peer.kind === "pods" ? [selectedBy(peer, namespace)] : [])),
  );
  const ofTiers = clusterPolicies.flatMap(({ ingress, egress }) =>
    [...ingress, ...egress]
      .flatMap(({ peers }) => peers)
      .flatMap((peer) => (peer.kind === "selected-pods" ? [selectedBy(peer, "")] : [])),
  );
  const nobody: Stranger = { namespace: madeUp, namespaceLabels: new Map(), labels: new Map() };
  return [nobody, ...ofPolicies, ...ofTiers].slice(0, mostStrangers);
}

const madeUp = "podwall-some-namespace";
const mostStrangers = 64;

function selectedBy(
  { namespaceSelector, podSelector }: Pick<PodPeer, "namespaceSelector" | "podSelector">,
  own: string,
): Stranger {
  return {
    namespace: namespaceSelector === undefined ? own : madeUp,
    namespaceLabels: labelsOf(namespaceSelector),
    labels: labelsOf(podSelector),
  };
}

function labelsOf(selector: LabelSelector | undefined): Labels {
  const choice = satisfying(selector ?? { requirements: [] });
  return new Map([...choice].flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}

function asStranger(world: World, side: "source" | "destination", stranger: Stranger, address: Address): World {
  const { namespace: name, namespaceLabels, labels } = stranger;
  const pod: Pod = {
    kind: "Pod",
    namespace: name,
    name: "podwall-some-pod",
    labels,
    hostNetwork: false,
    completed: false,
    addresses: [address],
    ports: [],
  };
  const known = world.cluster.namespaces.get(name);
  const namespace: Namespace = known ?? { kind: "Namespace", name, labels: namespaceLabels, declared: true };
  const namespaces = new Map([...world.cluster.namespaces, [name, namespace]]);
  const cluster = { ...world.cluster, namespaces, pods: [...world.cluster.pods, pod] };
  return { ...world, cluster, [side]: { kind: "pod", pod, address } };
}
