import { type Address, type LocalPod, type NodePlan, formatAddress } from "@podwall/engine";

export interface LocalAddress {
  readonly address: Address;
  readonly pod: LocalPod;
}

/**
 * A plan's local pods by address text. Where two pods claim one address (the older is about to go) the later has it, so
 * that no map gets two elements of one key.
 */
export function localAddresses(plan: NodePlan): Map<string, LocalAddress> {
  const byAddress = new Map<string, LocalAddress>();
  for (const pod of plan.localPods.values()) {
    for (const address of pod.addresses) byAddress.set(formatAddress(address), { address, pod });
  }
  return byAddress;
}
