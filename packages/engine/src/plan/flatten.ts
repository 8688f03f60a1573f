import { type ConnectionSet, noConnections, portsOf, union } from "../net/connection-set.ts";
import type { Traits } from "./identity.ts";
import { type RuleSpec, formatNamedPort } from "./rule-spec.ts";

/** Everything a list of rules allows an identity: the union of the rules that hold for it. */
export function allowedFor(rules: readonly RuleSpec[], identity: Traits): ConnectionSet {
  return rules
    .filter((rule) => rule.peers === undefined || rule.peers.some((peer) => identity.predicates.has(peer.key)))
    .reduce((allowed, rule) => union(allowed, connectionsOf(rule, identity)), noConnections);
}

/** What a list of rules allows every identity there can be: rules for everyone, without ports that depend on the pod. */
export function allowedForAll(rules: readonly RuleSpec[]): ConnectionSet {
  return rules
    .filter((rule) => rule.peers === undefined)
    .reduce((allowed, rule) => union(allowed, rule.ports), noConnections);
}

function connectionsOf(rule: RuleSpec, identity: Traits): ConnectionSet {
  return rule.named.reduce((allowed, named) => {
    const ports = identity.namedPorts.get(formatNamedPort(named));
    return ports === undefined ? allowed : union(allowed, portsOf(named.protocol, ports));
  }, rule.ports);
}
