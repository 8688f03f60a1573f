import { type Address, type LocalPod, type NodePlan, formatAddress } from "@podwall/engine";

export interface LocalAddress {
  readonly address: Address;
  readonly pod: LocalPod;
}

/** Of local pods that were looked at, for as long as some plan has them: one plan after the other asks for the same. */
const byPods = new WeakMap<NodePlan["localPods"], ReadonlyMap<string, LocalAddress>>();
const ofPod = new WeakMap<LocalPod, readonly (readonly [text: string, found: LocalAddress])[]>();

/**
 * A plan's local pods by address text. Where two pods claim one address (the older is about to go) the later has it, so
 * that no map gets two elements of one key.
 */
export function localAddresses({ localPods }: NodePlan): ReadonlyMap<string, LocalAddress> {
  const known = byPods.get(localPods);
  if (known !== undefined) return known;
  const byAddress = new Map([...localPods.values()].flatMap(addressesOf));
  byPods.set(localPods, byAddress);
  return byAddress;
}

function addressesOf(pod: LocalPod): readonly (readonly [text: string, found: LocalAddress])[] {
  const known = ofPod.get(pod);
  if (known !== undefined) return known;
  const found = pod.addresses.map((address) => [formatAddress(address), { address, pod }] as const);
  ofPod.set(pod, found);
  return found;
}
