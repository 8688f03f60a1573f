import type { TierAction } from "../../model/cluster-policy.ts";
import type { RuleSpec, Stage } from "../../rules/rule-spec.ts";
import { ConnectionPool } from "./connection-pool.ts";

/** What the rules asked so far have decided, each a number of the pool. */
interface Decision {
  /** By the Admin tier; what it neither accepts nor denies nor passes is still undecided. */
  readonly accepted: number;
  readonly undecided: number;
  readonly passed: number;
  /** By NetworkPolicies. */
  readonly allowed: number;
  /** By the Baseline tier. */
  readonly accepted2: number;
  readonly undecided2: number;
  readonly passed2: number;
}

/** Whose word counts after the Admin tier's: NetworkPolicy's where it isolates the pod, else the Baseline tier's. */
export type NextStage = "NetworkPolicy" | "Baseline";

/**
 * Decisions by number. The few different ways in which rules follow each other are worked out once; to judge a pair of
 * ends is then a look-up for each rule that matches.
 */
export class Decisions {
  /** Nothing was asked yet. */
  static readonly start = 0;
  readonly #pool: ConnectionPool;
  readonly #decisions: Decision[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #steps = new Map<number, number>();
  readonly #outcomes: Readonly<Record<NextStage, Map<number, number>>> = {
    NetworkPolicy: new Map(),
    Baseline: new Map(),
  };

  constructor(pool: ConnectionPool) {
    this.#pool = pool;
    const { none, all } = ConnectionPool;
    const open = { accepted: none, undecided: all, passed: none };
    this.#add({ ...open, allowed: none, accepted2: none, undecided2: all, passed2: none });
  }

  /** The decision after a rule that matches these connections. */
  after(decision: number, { stage, action }: Pick<RuleSpec, "stage" | "action">, connections: number): number {
    const key = (decision * 16 + stepNumber(stage, action)) * 2 ** 20 + connections;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const next = this.#add(this.#step(this.#decisions[decision] as Decision, stage, action, connections));
    this.#steps.set(key, next);
    return next;
  }

  /** What is allowed, when all rules were asked. */
  outcome(decision: number, next: NextStage): number {
    const known = this.#outcomes[next].get(decision);
    if (known !== undefined) return known;
    const { allowed, accepted2, undecided2, passed2 } = this.#decisions[decision] as Decision;
    const { union } = bound(this.#pool);
    const rest = next === "NetworkPolicy" ? allowed : union(accepted2, union(undecided2, passed2));
    const outcome = this.withRest(decision, rest);
    this.#outcomes[next].set(decision, outcome);
    return outcome;
  }

  /** What is allowed where Admin rules decided so and the rules after them allow the rest. */
  withRest(decision: number, rest: number): number {
    if (decision === Decisions.start) return rest;
    const { accepted, undecided, passed } = this.#decisions[decision] as Decision;
    const pool = this.#pool;
    return pool.union(accepted, pool.intersect(pool.union(undecided, passed), rest));
  }

  /** Whether Admin rules accepted something. */
  accepts(decision: number): boolean {
    return (this.#decisions[decision] as Decision).accepted !== ConnectionPool.none;
  }

  #step(before: Decision, stage: Stage, action: TierAction, connections: number): Decision {
    const { union, intersect, subtract } = bound(this.#pool);
    if (stage === "NetworkPolicy") return { ...before, allowed: union(before.allowed, connections) };
    const isAdmin = stage === "Admin";
    const decided = intersect(isAdmin ? before.undecided : before.undecided2, connections);
    const accepted = action === "Accept" ? decided : ConnectionPool.none;
    const passed = action === "Pass" ? decided : ConnectionPool.none;
    return isAdmin
      ? {
          ...before,
          accepted: union(before.accepted, accepted),
          undecided: subtract(before.undecided, decided),
          passed: union(before.passed, passed),
        }
      : {
          ...before,
          accepted2: union(before.accepted2, accepted),
          undecided2: subtract(before.undecided2, decided),
          passed2: union(before.passed2, passed),
        };
  }

  #add(decision: Decision): number {
    const { accepted, undecided, passed, allowed, accepted2, undecided2, passed2 } = decision;
    const text = [accepted, undecided, passed, allowed, accepted2, undecided2, passed2].join(" ");
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#decisions.length;
    this.#decisions.push(decision);
    this.#numbers.set(text, number);
    return number;
  }
}

function bound(pool: ConnectionPool): Record<"union" | "intersect" | "subtract", (a: number, b: number) => number> {
  return {
    union: (a, b) => pool.union(a, b),
    intersect: (a, b) => pool.intersect(a, b),
    subtract: (a, b) => pool.subtract(a, b),
  };
}

const actions: readonly TierAction[] = ["Accept", "Deny", "Pass"];

function stepNumber(stage: Stage, action: TierAction): number {
  if (stage === "NetworkPolicy") return 0;
  return (stage === "Admin" ? 1 : 4) + actions.indexOf(action);
}
