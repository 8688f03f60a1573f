import type { Direction } from "../model/network-policy.ts";
import { type Address, compareAddresses, formatAddress } from "../net/address.ts";
import { allows } from "../net/connection-set.ts";
import type { Protocol } from "../net/protocol.ts";
import { atomAt } from "./identity.ts";
import type { LocalPod, NodePlan } from "./node-plan.ts";

/** The identity an address has in a plan. */
export function identityAt(plan: NodePlan, address: Address): string {
  const pod = plan.podIdentities.get(formatAddress(address));
  return pod?.identity ?? atomAt(plan.atoms[address.family], address).identity;
}

/**
 * What a node that enforces a plan does with a new connection that it forwards: the kernel's way of judging, step by step,
 * for holding plans against the reference evaluator.
 */
export function planAllows(
  plan: NodePlan,
  source: Address,
  destination: Address,
  protocol: Protocol,
  port: number,
): boolean {
  if (compareAddresses(source, destination) === 0) return true;
  const sideAllows = (direction: Direction, subject: Address, peer: Address): boolean => {
    const key = localPodAt(plan, subject)?.[direction];
    const rules = key === undefined ? undefined : plan.ruleSets.get(key);
    return rules === undefined || allows(rules.byIdentity.get(identityAt(plan, peer)) ?? rules.common, protocol, port);
  };
  return sideAllows("egress", source, destination) && sideAllows("ingress", destination, source);
}

function localPodAt(plan: NodePlan, address: Address): LocalPod | undefined {
  for (const pod of plan.localPods.values()) {
    if (pod.addresses.some((own) => compareAddresses(own, address) === 0)) return pod;
  }
  return undefined;
}
