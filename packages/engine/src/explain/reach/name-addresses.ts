import type { Cluster } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import { type Address, firstAddress, nextAddress } from "../../net/address.ts";
import { cidrOf } from "../../net/cidr.ts";
import { blocksOf } from "../unknown/address-variation.ts";
import { signaturesOf } from "./reached-addresses.ts";

/** What is asked of a pod and an address that no known pod has depends on no more than this. */
export function ofPodAlone(cluster: Cluster, pod: Pod): Cluster {
  return { ...cluster, pods: [pod], policies: cluster.policies.filter(({ namespace }) => namespace === pod.namespace) };
}

/** One address of each sort that a pod's policies tell apart; of a cluster that is of this pod alone. */
export function addressSamples(cluster: Cluster, pod: Pod): readonly Address[] {
  const families = pod.addresses.length === 0 ? ([4, 6] as const) : pod.addresses.map(({ family }) => family);
  const bounds = blocksOf(cluster).flatMap(({ first, last }) => [first, nextAddress(last)]);
  const signatureOf = signaturesOf(cluster, pod);
  const found = new Map<string, Address>();
  for (const address of [...families.map(firstAddress), ...bounds]) {
    if (address === undefined || !families.includes(address.family)) continue;
    const signature = signatureOf(address);
    if (!found.has(signature)) found.set(signature, address);
  }
  return [...found.values()];
}

/** The cluster where these names stand for an address: rules are for it that accept them, or names that they are among. */
export function namesAt(cluster: Cluster, domainNames: readonly string[], address: Address): Cluster {
  const block = cidrOf(address, address.family === 4 ? 32 : 128);
  const clusterPolicies = cluster.clusterPolicies.map((policy) => ({
    ...policy,
    egress: policy.egress.map((rule) => ({
      ...rule,
      peers: rule.peers.map((peer) =>
        peer.kind === "domain-names" && domainNames.every((name) => peer.domainNames.some((own) => isAmong(name, own)))
          ? ({ kind: "networks", path: peer.path, networks: [block] } as const)
          : peer,
      ),
    })),
  }));
  return { ...cluster, clusterPolicies };
}

/** `a.example.org` is among `*.example.org`, and among itself. */
function isAmong(name: string, own: string): boolean {
  return name === own || (own.startsWith("*.") && name.endsWith(own.slice(1)));
}
