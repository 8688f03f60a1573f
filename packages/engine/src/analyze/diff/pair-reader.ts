import type { Direction } from "../../model/network-policy.ts";
import { type ConnectionSet, formatConnections, intersect } from "../../net/connection-set.ts";
import { ConnectionPool } from "../../evaluate/fast/connection-pool.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../../evaluate/fast/pod-class.ts";

/** A connection set with its text, which is one for equal sets of whatever evaluator. */
export interface ReadSet {
  readonly set: ConnectionSet;
  readonly text: string;
}

/** Reads many pairs of an evaluator: each two sets are intersected once. Pods are met by their first address. */
export class PairReader {
  readonly #evaluator: FastEvaluator;
  readonly #sides = new Map<number, ReadSet>();
  readonly #both = new Map<number, ReadSet>();

  constructor(evaluator: FastEvaluator) {
    this.#evaluator = evaluator;
  }

  /** What one side allows. */
  side(direction: Direction, subject: PodClass, peer: PodClass): ReadSet {
    return this.#one(this.#evaluator.tableOf(subject, direction).allowed(peer, "first"));
  }

  /** What both sides allow; the second is not asked where the first allows nothing. */
  both(source: PodClass, destination: PodClass, first: Direction): ReadSet {
    const [subject, peer] = first === "egress" ? [source, destination] : [destination, source];
    const second = first === "egress" ? "ingress" : "egress";
    const one = this.#evaluator.tableOf(subject, first).allowed(peer, "first");
    if (one === ConnectionPool.none) return this.#one(one);
    const other = this.#evaluator.tableOf(peer, second).allowed(subject, "first");
    // Numbers stay far below 2 ** 26, so a pair fits a double exactly.
    return lookUp(this.#both, Math.min(one, other) * 2 ** 26 + Math.max(one, other), () =>
      read(intersect(this.#evaluator.setOf(one), this.#evaluator.setOf(other))),
    );
  }

  #one(number: number): ReadSet {
    return lookUp(this.#sides, number, () => read(this.#evaluator.setOf(number)));
  }
}

function read(set: ConnectionSet): ReadSet {
  return { set, text: formatConnections(set) };
}

function lookUp(known: Map<number, ReadSet>, key: number, make: () => ReadSet): ReadSet {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
