import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { PodQuestion } from "../evaluate/fast/question-index.ts";
import type { RuleTable } from "../evaluate/fast/rule-table.ts";
import type { Sample } from "../evaluate/fast/sample.ts";
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
import type { Traffic } from "./node-plan.ts";

/** What judges some traffic of pods, as the plan knows it. Equal keys allow the same. */
export interface Judge {
  readonly key: string;
  readonly traffic: Traffic;
  /** Its rules, to ask their questions; absent where the other end is known, and with it the answer. */
  readonly table?: RuleTable;
  readonly common: ConnectionSet;
  /** The only pods of whom another answer than `common` may be true, by what is asked about them; undefined where it may be anybody. */
  readonly peers: () => readonly PodQuestion[] | undefined;
  /** What is allowed to or from somebody; undefined where that is `common`. */
  readonly allowed: (peer: Sample) => ConnectionSet | undefined;
}

/** The judges of one evaluator's pods. What a table says of itself is worked out once. */
export class Judges {
  readonly #evaluator: FastEvaluator;
  readonly #directions = new WeakMap<RuleTable, Judge | "open">();
  readonly #ownNode = new WeakMap<RuleTable, Judge | "open">();
  readonly #deniesByTier = new WeakMap<RuleTable, boolean>();

  constructor(evaluator: FastEvaluator) {
    this.#evaluator = evaluator;
  }

  /** The class of a pod of the evaluator's cluster; undefined for one that policies cannot see. */
  classOf(pod: Pod): PodClass | undefined {
    return this.#evaluator.classOf(pod);
  }

  /** The rules that judge a class in a direction: the same object while they are the same. */
  tableOf(podClass: PodClass, direction: Direction): RuleTable {
    return this.#evaluator.tableOf(podClass, direction);
  }

  /** What judges a class in a direction; undefined where nothing is denied. Its key says all that its rules say. */
  direction(podClass: PodClass, direction: Direction): Judge | undefined {
    const table = this.#evaluator.tableOf(podClass, direction);
    return once(this.#directions, table, () => this.#directionJudge(table, direction));
  }

  /** What judges what pods send to their own node, which is the tiers' to say; undefined where they deny nothing. */
  ownNode(podClass: PodClass): Judge | undefined {
    const table = this.#evaluator.tableOf(podClass, "egress");
    return once(this.#ownNode, table, () => this.#ownNodeJudge(table));
  }

  /** What judges what a pod sends to itself through a Service, by the address it has: the tiers alone. */
  itself(podClass: PodClass, family: Family): Judge | undefined {
    const tables = [this.#evaluator.tableOf(podClass, "egress"), this.#evaluator.tableOf(podClass, "ingress")];
    const denying = tables.filter((table) => this.mayDenyByTier(table));
    if (denying.length === 0) return undefined;
    const sample: Sample = { kind: "pods", podClass, family };
    const allowed = denying
      .map((table) => this.#evaluator.setOf(table.allowedAlone(sample, { toOwnNode: true })))
      .reduce(intersect, allConnections);
    if (isSubset(allConnections, allowed)) return undefined;
    return {
      key: `itself ${formatConnections(allowed)}`,
      traffic: "itself",
      common: allowed,
      peers: () => [],
      allowed: () => undefined,
    };
  }

  #directionJudge(table: RuleTable, direction: Direction): Judge | undefined {
    if (!table.isolates && table.rules.length === 0) return undefined;
    const evaluator = this.#evaluator;
    const common = table.allowedInAnyCase();
    // NetworkPolicy rules add up: their order means nothing. The order in which rules came into use is not the plan's.
    const policies = this.#ruleKeys(table, ({ stage }) => stage === "NetworkPolicy").sort();
    const key = [`${direction}${table.isolates ? "" : " not isolated"}`, ...policies, ...this.#tierKeys(table)];
    return {
      key: key.join("\n"),
      traffic: direction,
      table,
      common: evaluator.setOf(common),
      peers: () => table.questionsOfAllowed(),
      allowed: (peer) => {
        const allowed = table.allowedAlone(peer);
        return allowed === common ? undefined : evaluator.setOf(allowed);
      },
    };
  }

  #ownNodeJudge(table: RuleTable): Judge | undefined {
    if (!this.mayDenyByTier(table)) return undefined;
    const evaluator = this.#evaluator;
    const common = subtract(allConnections, mostDenied(table));
    return {
      key: ["own node", ...this.#tierKeys(table)].join("\n"),
      traffic: "own-node",
      table,
      common,
      peers: () => undefined,
      allowed: (peer) => {
        const allowed = evaluator.setOf(table.allowedAlone(peer, { toOwnNode: true }));
        return isSubset(allowed, common) ? undefined : allowed;
      },
    };
  }

  /** Whether a rule of the tiers denies something. */
  mayDenyByTier(table: RuleTable): boolean {
    let denies = this.#deniesByTier.get(table);
    if (denies === undefined) this.#deniesByTier.set(table, (denies = deniesByTier(table)));
    return denies;
  }

  #tierKeys(table: RuleTable): string[] {
    return this.#ruleKeys(table, ({ stage }) => stage !== "NetworkPolicy");
  }

  #ruleKeys(table: RuleTable, isWanted: (spec: RuleSpec) => boolean): string[] {
    return table.rules
      .filter(({ rule }) => isWanted(rule.spec))
      .map(({ rule, connections, named }) =>
        named.length > 0 || rule.spec.named.length === 0
          ? rule.spec.key
          : `${rule.spec.key} = ${formatConnections(this.#evaluator.setOf(connections))}`,
      );
  }
}

function once(
  known: WeakMap<RuleTable, Judge | "open">,
  table: RuleTable,
  make: () => Judge | undefined,
): Judge | undefined {
  let judge = known.get(table);
  if (judge === undefined) known.set(table, (judge = make() ?? "open"));
  return judge === "open" ? undefined : judge;
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
