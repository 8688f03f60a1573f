import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { RuleTable } from "../evaluate/fast/rule-table.ts";
import type { Direction } from "../model/network-policy.ts";
import type { Pod } from "../model/pod.ts";
import type { Family } from "../net/address.ts";
import {
  type ConnectionSet,
  allConnections,
  formatConnections,
  intersect,
  isSubset,
  portsOf,
  subtract,
  union,
} from "../net/connection-set.ts";
import { allPorts } from "../net/port-set.ts";
import type { RuleSpec } from "../rules/rule-spec.ts";
import type { Sample } from "./identify.ts";
import type { Traffic } from "./node-plan.ts";

/** What judges some traffic of pods, as the plan knows it. Equal keys allow the same. */
export interface Judge {
  readonly key: string;
  readonly traffic: Traffic;
  /** Its rules, to ask their questions; absent where the other end is known, and with it the answer. */
  readonly table?: RuleTable;
  readonly common: ConnectionSet;
  /** What is allowed to or from somebody; undefined where that is `common`. */
  readonly allowed: (peer: Sample) => ConnectionSet | undefined;
}

/** What judges a pod in a direction; undefined where nothing is denied. Its key says all that its rules say. */
export function directionJudge(evaluator: FastEvaluator, pod: Pod, direction: Direction): Judge | undefined {
  const table = tableOf(evaluator, pod, direction);
  if (table === undefined || (!table.isolates && table.rules.length === 0)) return undefined;
  const common = table.allowedInAnyCase();
  // NetworkPolicy rules add up: their order means nothing. The order in which rules came into use is not the plan's.
  const policies = ruleKeys(evaluator, table, ({ stage }) => stage === "NetworkPolicy").sort();
  const key = [`${direction}${table.isolates ? "" : " not isolated"}`, ...policies, ...tierKeys(evaluator, table)];
  return {
    key: key.join("\n"),
    traffic: direction,
    table,
    common: evaluator.setOf(common),
    allowed: (peer) => {
      const allowed =
        peer.kind === "pods" ? table.allowed(peer.podClass, peer.family) : table.allowedOutside(peer.outsider);
      return allowed === common ? undefined : evaluator.setOf(allowed);
    },
  };
}

/** What judges what a pod sends to its own node, which is the tiers' to say; undefined where they deny nothing. */
export function ownNodeJudge(evaluator: FastEvaluator, pod: Pod): Judge | undefined {
  const table = tableOf(evaluator, pod, "egress");
  if (table === undefined || !deniesByTier(table)) return undefined;
  const common = subtract(allConnections, mostDenied(table));
  return {
    key: ["own node", ...tierKeys(evaluator, table)].join("\n"),
    traffic: "own-node",
    table,
    common,
    allowed: (peer) => {
      const end = peer.kind === "pods" ? peer.podClass : peer.outsider;
      const allowed = evaluator.setOf(table.allowedToOwnNode(end, peer.kind === "pods" ? peer.family : "none"));
      return isSubset(allowed, common) ? undefined : allowed;
    },
  };
}

/** What judges what a pod sends to itself through a Service, by the address it has: the tiers alone. */
export function itselfJudge(evaluator: FastEvaluator, pod: Pod, family: Family): Judge | undefined {
  const podClass = evaluator.classOf(pod);
  if (podClass === undefined) return undefined;
  const allowed = (["egress", "ingress"] as const)
    .map((direction) => evaluator.tableOf(podClass, direction))
    .filter(deniesByTier)
    .map((table) => evaluator.setOf(table.allowedToOwnNode(podClass, family)))
    .reduce(intersect, allConnections);
  if (isSubset(allConnections, allowed)) return undefined;
  return {
    key: `itself ${formatConnections(allowed)}`,
    traffic: "itself",
    common: allowed,
    allowed: () => undefined,
  };
}

function tableOf(evaluator: FastEvaluator, pod: Pod, direction: Direction): RuleTable | undefined {
  const podClass = evaluator.classOf(pod);
  return podClass === undefined ? undefined : evaluator.tableOf(podClass, direction);
}

function deniesByTier({ rules }: RuleTable): boolean {
  return rules.some(({ rule }) => rule.spec.action === "Deny");
}

/** All that some peer may be denied: a name may stand for any port. */
function mostDenied({ rules }: RuleTable): ConnectionSet {
  return rules
    .map(({ rule }) => rule.spec)
    .filter(({ action }) => action === "Deny")
    .flatMap(({ ports, named }) => [ports, ...named.map(({ protocol }) => portsOf(protocol, allPorts))])
    .reduce(union);
}

function tierKeys(evaluator: FastEvaluator, table: RuleTable): string[] {
  return ruleKeys(evaluator, table, ({ stage }) => stage !== "NetworkPolicy");
}

function ruleKeys(evaluator: FastEvaluator, table: RuleTable, isWanted: (spec: RuleSpec) => boolean): string[] {
  return table.rules
    .filter(({ rule }) => isWanted(rule.spec))
    .map(({ rule, connections, named }) =>
      named.length > 0 || rule.spec.named.length === 0
        ? rule.spec.key
        : `${rule.spec.key} = ${formatConnections(evaluator.setOf(connections))}`,
    );
}
