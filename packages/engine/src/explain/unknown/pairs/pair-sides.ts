import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { Direction } from "../../../model/network-policy.ts";
import { type KnownEnd, hasOthers } from "./known-end.ts";
import type { Outcome } from "./outcome.ts";
import { type Overrides, otherKey, overrideKinds, overridden } from "./overrides.ts";
import { type Pair, sideOf } from "./pair.ts";
import type { PairContext } from "./pair-context.ts";
import type { Way } from "./pair-ways.ts";
import { tableAt } from "./state-end.ts";

/** What each side of a pair allows in one way in which the two ends may be. */
export class PairSides {
  readonly #context: PairContext;

  constructor(context: PairContext) {
    this.#context = context;
  }

  /** What one side allows in a way; more than one where policies of other kinds may change it. */
  all(pair: Pair, direction: Direction, way: Way): readonly Outcome[] {
    const given = this.given(pair, direction, way);
    const side = sideOf(pair, direction);
    if (!hasOthers(side.subject, direction)) return [given];
    return this.overrides(side.subject, direction).map((override) => overridden(given, side, override));
  }

  /** What policies of other kinds may do to an end: the same in all states, where all have the same ones. */
  overrides({ states }: KnownEnd, direction: Direction): readonly Overrides[] {
    const texts = states.flatMap((state) =>
      state === undefined ? [] : [state.others[direction].map(otherKey).join()],
    );
    if (new Set(texts).size === 1) return overrideKinds.map((kind) => this.#context.states.map(() => kind));
    return this.#context.states.reduce<readonly Overrides[]>(
      (found) => found.flatMap((one) => overrideKinds.map((kind) => [...one, kind])),
      [[]],
    );
  }

  /** As policies of other kinds leave it. */
  given({ source, destination, via }: Pair, direction: Direction, { own, labels, address }: Way): Outcome {
    return this.#context.states.map((_, index) => {
      const [from, to] = [source.states[index], destination.states[index]];
      if (from === undefined || to === undefined) return ConnectionPool.none;
      const [subject, peer] = direction === "egress" ? [from, to] : [to, from];
      return tableAt(subject, direction, own).allowed(peer, labels, address, via);
    });
  }
}
