import type { AddressSet } from "../evaluate/fast/address-sets.ts";
import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { Outsider } from "../evaluate/fast/outsider.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { Cluster } from "../model/cluster.ts";
import { isPolicyPod } from "../model/pod.ts";
import { type Family, formatAddress } from "../net/address.ts";
import { type Asked, atomAt, identityOfAddresses, identityOfClass } from "./identity.ts";
import type { AddressIdentity, Atom, NodePlan } from "./node-plan.ts";

/** Every address there is, sorted into identities. */
export interface IdentityMap extends Pick<NodePlan, "atoms" | "podIdentities"> {
  /** Somebody of each identity. */
  readonly samples: ReadonlyMap<string, Sample>;
}

export type Sample =
  | { readonly kind: "pods"; readonly podClass: PodClass; readonly family: Family }
  | { readonly kind: "outside"; readonly outsider: Outsider };

export function identify(cluster: Cluster, evaluator: FastEvaluator, asked: Asked): IdentityMap {
  const samples = new Map<string, Sample>();
  const atoms = { 4: atomsOf(evaluator, asked, 4, samples), 6: atomsOf(evaluator, asked, 6, samples) };
  const identities = new Map<PodClass, Map<Family, string>>();
  const identityOf = (podClass: PodClass, family: Family): string => {
    const known = identities.get(podClass)?.get(family);
    if (known !== undefined) return known;
    const identity = identityOfClass(asked, podClass, family);
    const others = identities.get(podClass) ?? new Map<Family, string>();
    identities.set(podClass, others.set(family, identity));
    if (!samples.has(identity)) samples.set(identity, { kind: "pods", podClass, family });
    return identity;
  };
  const podIdentities = new Map<string, AddressIdentity>();
  for (const pod of cluster.pods) {
    const podClass = isPolicyPod(pod) ? evaluator.classOf(pod) : undefined;
    if (podClass === undefined) continue;
    for (const address of pod.addresses) {
      const identity = identityOf(podClass, address.family);
      if (atomAt(atoms[address.family], address).identity === identity) continue;
      podIdentities.set(formatAddress(address), { address, identity });
    }
  }
  return { atoms, podIdentities, samples };
}

/** Adjacent intervals, each of another identity than the next. */
function atomsOf(
  evaluator: FastEvaluator,
  asked: Asked,
  family: Family,
  samples: Map<string, Sample>,
): readonly Atom[] {
  const atoms: Atom[] = [];
  const identities = new Map<AddressSet, string>();
  for (const { first, last, set } of evaluator.addressPieces(family)) {
    const identity = identities.get(set) ?? identityOfAddresses(asked, set.members);
    identities.set(set, identity);
    if (!samples.has(identity)) {
      samples.set(identity, { kind: "outside", outsider: { addresses: set, hasPodAddress: false } });
    }
    const previous = atoms.at(-1);
    if (previous?.identity === identity) atoms[atoms.length - 1] = { ...previous, last };
    else atoms.push({ first, last, identity });
  }
  return atoms;
}
