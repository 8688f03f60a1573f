import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { Outsider } from "../../../evaluate/fast/outsider.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { MissingFact } from "../missing-fact.ts";
import { type KnownEnd, hasOthers } from "./known-end.ts";
import { type Outcome, distinct } from "./outcome.ts";
import { overridden } from "./overrides.ts";
import type { PairContext } from "./pair-context.ts";
import { otherFacts } from "./pair-facts.ts";
import type { PairSides } from "./pair-sides.ts";

/** An end that is no pod, as each state has it. */
export type KnownOutsider = readonly Outsider[];

/** What pods may exchange with ends that are no pods in every way in which things may be; that a pod reaches its own node is left out. */
export class OutsideAnswers {
  readonly #context: PairContext;
  readonly #sides: PairSides;

  constructor(context: PairContext, sides: PairSides) {
    this.#context = context;
    this.#sides = sides;
  }

  /** Every different outcome. */
  outcomes(direction: Direction, subject: KnownEnd, peer: KnownOutsider): readonly Outcome[] {
    const given = this.#ownLabels(subject).map(
      (own): Outcome =>
        this.#context.states.map((state, index) => {
          const end = subject.states[index];
          if (end === undefined) return ConnectionPool.none;
          return state.outside(direction, end, own, peer[index] as Outsider);
        }),
    );
    if (!hasOthers(subject, direction)) return distinct(given);
    const isThere = (index: number): boolean => subject.states[index] !== undefined;
    return distinct(
      given.flatMap((outcome) =>
        this.#sides
          .overrides(subject, direction)
          .map((override) => overridden(outcome, { subject, direction, isThere }, override)),
      ),
    );
  }

  /** What the outcomes may depend on. */
  missing(direction: Direction, subject: KnownEnd): readonly MissingFact[] {
    const { pod } = subject;
    const { namespace } = pod;
    const isOpen = this.#ownLabels(subject).length > 1;
    return [
      ...(isOpen ? [{ kind: "namespace-labels", namespace, keys: this.#context.askedKeys } as const] : []),
      ...otherFacts(subject, direction),
    ];
  }

  /** The labels of a pod's namespace that may select it for other policies. */
  #ownLabels({ onlyNamed }: KnownEnd): readonly number[] {
    return this.#context.ways.subjectsAsk && onlyNamed !== undefined
      ? this.#context.ways.labels.map((_, place) => place)
      : asGiven;
  }
}

const asGiven: readonly number[] = [0];
