import type { ClusterPolicy, TierAction, TierRule } from "../model/cluster-policy.ts";
import type { Direction, NetworkPolicy, PolicyPort } from "../model/network-policy.ts";
import {
  type ConnectionSet,
  allConnections,
  formatConnections,
  noConnections,
  portsOf,
  union,
} from "../net/connection-set.ts";
import { type PortSet, allPorts } from "../net/port-set.ts";
import { type NamedPort, formatNamedPort } from "./named-port.ts";
import { type Predicate, predicateOf, predicatesOf, unknownPods } from "./predicate.ts";

/** When a rule is asked. */
export type Stage = "Admin" | "NetworkPolicy" | "Baseline";

/** One rule as it is judged: who, what, and what then. Free of the policy it came from, so that equal rules are one. */
export interface RuleSpec {
  readonly key: string;
  readonly stage: Stage;
  readonly action: TierAction;
  /** Any of these; undefined is everyone. */
  readonly peers?: readonly Predicate[];
  /** What the rule is about whatever the destination is. */
  readonly ports: ConnectionSet;
  /** Ports whose number depends on the destination pod. */
  readonly named: readonly NamedPort[];
}

/** What a rule is about. */
type Ports = Pick<RuleSpec, "ports" | "named">;

/** The rules of a NetworkPolicy in one direction; they add up, so their order means nothing. */
export function policyRules(policy: NetworkPolicy, direction: Direction): readonly RuleSpec[] {
  return policy[direction].map((rule) => {
    const peers = rule.peers.length === 0 ? undefined : rule.peers.map((peer) => predicateOf(peer, policy.namespace));
    return ruleSpec("NetworkPolicy", "Accept", peers, portsOfItems(rule.ports));
  });
}

/**
 * The rules of a policy of the whole cluster in one direction, in order. What cannot be told fails closed, by Deny rules
 * of its own behind the rule: for everyone where a peer is of a kind that is not known, and for pods that are not known.
 */
export function clusterPolicyRules(policy: ClusterPolicy, direction: Direction): readonly RuleSpec[] {
  return policy[direction].flatMap((rule) => {
    const ports = portsOfItems(rule.ports);
    const peers = rule.peers.flatMap(predicatesOf);
    const known = ruleSpec(policy.tier, rule.action, peers, ports);
    if (rule.action === "Accept") return [known];
    const isUnclear = rule.peers.some(({ kind }) => kind === "unknown");
    const selectsPods = rule.peers.some(({ kind }) => kind === "selected-pods");
    return [
      ...(peers.length === 0 ? [] : [known]),
      ...(isUnclear ? [ruleSpec(policy.tier, "Deny", undefined, ports)] : []),
      ...(isUnclear || selectsPods
        ? [ruleSpec(policy.tier, "Deny", [unknownPods], direction === "egress" ? anyNumber(rule) : ports)]
        : []),
    ];
  });
}

function ruleSpec(stage: Stage, action: TierAction, asked: readonly Predicate[] | undefined, what: Ports): RuleSpec {
  const { ports, named } = what;
  let key = stage === "NetworkPolicy" ? "" : `${stage} ${action} `;
  let peers = asked;
  if (peers === undefined) key += "everyone";
  else {
    if (peers.length > 1) peers = inOrder(peers);
    for (let index = 0; index < peers.length; index++) key += `${index === 0 ? "" : " | "}${peers[index]?.key}`;
  }
  key += ` -> ${formatConnections(ports)}`;
  for (const name of named) key += ` + ${formatNamedPort(name)}`;
  return peers === undefined ? { key, stage, action, ports, named } : { key, stage, action, peers, ports, named };
}

/** Each once, by key. */
function inOrder(asked: readonly Predicate[]): readonly Predicate[] {
  const byKey = new Map(asked.map((peer) => [peer.key, peer]));
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A pod that is not known may have a name for any port. */
function anyNumber(rule: TierRule): Ports {
  return portsOfItems(
    rule.ports.map((item) => (item.port.kind === "named" ? { ...item, port: { kind: "all" } } : item)),
  );
}

function portsOfItems(items: readonly PolicyPort[]): Ports {
  if (items.length === 0) return { ports: allConnections, named: [] };
  const [first, second] = items;
  if (first !== undefined && second === undefined && first.port.kind !== "named") {
    return { ports: portsOf(first.protocol, numbersOf(first.port)), named: [] };
  }
  let ports = noConnections;
  const named = new Map<string, NamedPort>();
  for (const { protocol, port } of items) {
    if (port.kind === "named") named.set(formatNamedPort({ name: port.name, protocol }), { name: port.name, protocol });
    else ports = union(ports, portsOf(protocol, numbersOf(port)));
  }
  const names = [...named.values()];
  if (names.length > 1) names.sort((a, b) => (formatNamedPort(a) < formatNamedPort(b) ? -1 : 1));
  return { ports, named: names };
}

function numbersOf(port: Exclude<PolicyPort["port"], { readonly kind: "named" }>): PortSet {
  return port.kind === "all" ? allPorts : [{ first: port.first, last: port.last }];
}
