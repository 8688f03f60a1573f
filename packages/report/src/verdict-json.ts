import {
  type Cluster,
  type DirectionVerdict,
  type Endpoint,
  type NetworkPolicy,
  type PolicyRule,
  type TierMatch,
  type TierStep,
  type Verdict,
  connections,
  missCauses,
  pairSide,
  protocols,
} from "@podwall/engine";
import { causeText } from "./cause-text.ts";
import { jsonEndpoint, jsonPlace } from "./json.ts";

/** The fields of a verdict with its reasons. */
export function jsonVerdict(cluster: Cluster, verdict: Verdict): Readonly<Record<string, unknown>> {
  const { source, destination, protocol, port } = verdict.connection;
  return {
    source: jsonEndpoint(source),
    destination: jsonEndpoint(destination),
    protocol,
    port,
    allowed: verdict.allowed,
    egress: jsonSide(cluster, verdict, verdict.egress),
    ingress: jsonSide(cluster, verdict, verdict.ingress),
  };
}

/** The fields of all that may pass between two ends. */
export function jsonPair(cluster: Cluster, source: Endpoint, destination: Endpoint): Readonly<Record<string, unknown>> {
  const set = connections(cluster, source, destination);
  const side = (direction: "egress" | "ingress"): Readonly<Record<string, unknown>> => {
    const found = pairSide(cluster, direction, source, destination);
    return {
      reason: found.open?.kind ?? "isolated",
      admin: found.admin.map(jsonStep),
      baseline: found.baseline.map(jsonStep),
      isolatedBy: found.isolatedBy.map(jsonPolicy),
      rules: found.rules.map(({ policy, rule, peersMatch, allows }) => ({
        ...jsonRule(policy, rule),
        peersMatch,
        allows: jsonConnections(allows),
      })),
    };
  };
  return {
    source: jsonEndpoint(source),
    destination: jsonEndpoint(destination),
    connections: jsonConnections(set),
    egress: side("egress"),
    ingress: side("ingress"),
  };
}

/** Port intervals by protocol, and whether protocols without ports pass. */
export function jsonConnections(set: ReturnType<typeof connections>): Readonly<Record<string, unknown>> {
  return { ...Object.fromEntries(protocols.map((protocol) => [protocol, set[protocol]])), other: set.other };
}

function jsonSide(cluster: Cluster, verdict: Verdict, side: DirectionVerdict): Readonly<Record<string, unknown>> {
  const { reason, allowed, direction } = side;
  const passed = side.passed.map(jsonTierMatch);
  switch (reason.kind) {
    case "accepted-by-tier":
    case "denied-by-tier":
      return { allowed, reason: reason.kind, passed, rules: [jsonTierMatch(reason.match)] };
    case "allowed-by-rule":
      return {
        allowed,
        reason: reason.kind,
        passed,
        isolatedBy: reason.isolatedBy.map(jsonPolicy),
        rules: reason.matches.map(({ policy, rule, peer, port }) => ({
          ...jsonRule(policy, rule),
          peer: peer?.path,
          port: port?.path,
        })),
      };
    case "no-rule-matches":
      return {
        allowed,
        reason: reason.kind,
        passed,
        isolatedBy: reason.isolatedBy.map(jsonPolicy),
        rules: reason.misses.map((miss) => ({
          ...jsonRule(miss.policy, miss.rule),
          causes: missCauses(cluster, verdict.connection, direction, miss).map((cause) => ({
            kind: cause.kind,
            text: causeText(cause),
          })),
        })),
      };
    default:
      return { allowed, reason: reason.kind, passed, ...("why" in reason ? { why: reason.why } : {}) };
  }
}

function jsonTierMatch({ policy, rule, action, peer, port }: TierMatch): Readonly<Record<string, unknown>> {
  return { ...jsonTierRule({ policy, rule, action }), peer: peer.path, port: port?.path };
}

function jsonStep({ decides, ...step }: TierStep): Readonly<Record<string, unknown>> {
  return { ...jsonTierRule(step), decides: jsonConnections(decides) };
}

function jsonTierRule({ policy, rule, action }: Omit<TierStep, "decides">): Readonly<Record<string, unknown>> {
  const { kind, name, tier, priority, closedBecause } = policy;
  return { kind, name, tier, priority, closedBecause, path: rule.path, action, place: jsonPlace(rule.range) };
}

function jsonPolicy(policy: NetworkPolicy): Readonly<Record<string, unknown>> {
  const { namespace, name, closedBecause, range } = policy;
  return { namespace, name, closedBecause, place: jsonPlace(range) };
}

function jsonRule(policy: NetworkPolicy, rule: PolicyRule): Readonly<Record<string, unknown>> {
  return { policy: `${policy.namespace}/${policy.name}`, path: rule.path, place: jsonPlace(rule.range) };
}
