import { matchingPeer } from "../../evaluate/reference-evaluator.ts";
import { portsOfRule } from "../../evaluate/ports-of-rule.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import type { Direction, NetworkPolicy, PolicyRule } from "../../model/network-policy.ts";
import type { Pod } from "../../model/pod.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { allows } from "../../net/connection-set.ts";
import type { Protocol } from "../../net/protocol.ts";
import type { FindingInput } from "./input.ts";

/** A rule with the policy it is of. */
export interface OwnedRule {
  readonly policy: NetworkPolicy;
  readonly rule: PolicyRule;
}

/** The rules that judge a pod in a direction. */
export function rulesFor(input: FindingInput, pod: Pod, direction: Direction): readonly OwnedRule[] {
  const policies = input.isolating(pod, direction);
  const known = rulesOf[direction].get(policies);
  if (known !== undefined) return known;
  const rules = policies.flatMap((policy) => policy[direction].map((rule) => ({ policy, rule })));
  rulesOf[direction].set(policies, rules);
  return rules;
}

type KnownRules = WeakMap<readonly NetworkPolicy[], readonly OwnedRule[]>;

/** Pods that the same policies isolate have one list of these, and so one list of rules. */
const rulesOf: Readonly<Record<Direction, KnownRules>> = { ingress: new WeakMap(), egress: new WeakMap() };

/** Whether a rule is for an end, and about a port of it. */
export function ruleAllows(
  input: FindingInput,
  { policy, rule }: OwnedRule,
  peer: Endpoint,
  {
    destination,
    protocol,
    port,
  }: { readonly destination: Endpoint; readonly protocol: Protocol; readonly port: number },
): boolean {
  return (
    matchingPeer(input.cluster, policy, rule, peer).matches &&
    allows(portsOfRule(rule.ports, destination), protocol, port)
  );
}

/** Whether some address that is no known pod's may connect to a pod's port: the API server, a client, a load balancer. */
export function canBeReachedFromOutside(input: FindingInput, pod: Pod, protocol: Protocol, port: number): boolean {
  const evaluator = input.evaluator();
  const destination: Endpoint = { kind: "pod", pod };
  return ([4, 6] as const).some((family) =>
    evaluator
      .addressPieces(family)
      .some(({ first }) =>
        evaluator.allows({ source: { kind: "address", address: first }, destination, protocol, port }),
      ),
  );
}

/** An address that is written here, and therefore is one. */
export function knownAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}
