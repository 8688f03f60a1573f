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
 * What a node that enforces a plan does with a new connection that it forwards (from an address to itself: through a
 * Service): the kernel's way of judging, step by
 * step, for holding plans against the reference evaluator.
 */
export function planAllows(
  plan: NodePlan,
  source: Address,
  destination: Address,
  protocol: Protocol,
  port: number,
): boolean {
  const judge = (key: string | undefined, peer: Address): boolean => judges(plan, key, peer, protocol, port);
  const from = localPodAt(plan, source);
  if (compareAddresses(source, destination) === 0) return judge(from?.itself?.[source.family], source);
  return judge(from?.egress, destination) && judge(localPodAt(plan, destination)?.ingress, source);
}

/** What a node that enforces a plan does with a new connection from one of its pods to one of its own addresses. */
export function planAllowsToOwnNode(
  plan: NodePlan,
  source: Address,
  destination: Address,
  protocol: Protocol,
  port: number,
): boolean {
  return judges(plan, localPodAt(plan, source)?.ownNode, destination, protocol, port);
}

function judges(plan: NodePlan, key: string | undefined, peer: Address, protocol: Protocol, port: number): boolean {
  const rules = key === undefined ? undefined : plan.ruleSets.get(key);
  return rules === undefined || allows(rules.byIdentity.get(identityAt(plan, peer)) ?? rules.common, protocol, port);
}

function localPodAt(plan: NodePlan, address: Address): LocalPod | undefined {
  for (const pod of plan.localPods.values()) {
    if (pod.addresses.some((own) => compareAddresses(own, address) === 0)) return pod;
  }
  return undefined;
}
