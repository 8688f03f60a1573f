import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { Via } from "../../../evaluate/fast/pod-class.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { Family } from "../../../net/address.ts";
import { type KnownEnd, mayOpen } from "./known-end.ts";
import { isLooseItself, isOfOneNamespace } from "./pair.ts";
import type { PairContext } from "./pair-context.ts";
import type { PairWays } from "./pair-ways.ts";
import { type StateEnd, tableAt } from "./state-end.ts";
import type { Range } from "./table-ways.ts";

/** What may pass between two ends at least and at most, without trying every way. */
export class PairRanges {
  readonly #context: PairContext;
  readonly #ways: PairWays;

  constructor(context: PairContext, ways: PairWays) {
    this.#context = context;
    this.#ways = ways;
  }

  /**
   * What may pass in every way, and in some. Of one state alone it is exact: where both are the same, that is the answer, and
   * else it is not known. Of each of several, it is this at least and that at most. Pods are met by the same family.
   */
  range(source: KnownEnd, destination: KnownEnd, via: Via, state: number): Range {
    const [from, to] = [source.states[state], destination.states[state]];
    if (from === undefined || to === undefined) return nothing;
    if (this.#context.isTooMuch && isLooseItself(source, destination)) {
      return this.isShut(source, destination, via, state) ? nothing : anything;
    }
    if (opens(from, "egress") && opens(to, "ingress")) return anything;
    // Most pairs are closed by a side to which it makes no difference what is not known.
    const known = [settledSide("egress", from, to, via), settledSide("ingress", to, from, via)] as const;
    if (known.includes(ConnectionPool.none)) return nothing;
    const [own, others] = known;
    if (own !== undefined && others !== undefined) return rangeOfOne(this.#context.pool.intersect(own, others));
    let range: Range | undefined;
    for (const family of this.#ways.families(source, destination, via)) {
      const sent = this.#sideRange("egress", from, to, { family, via });
      const taken = this.#sideRange("ingress", to, from, { family, via });
      const bound = this.#together(sent, taken);
      const isExact = isSettled(bound) || this.#areFree(source, destination, isSettled(sent) || isSettled(taken));
      const both = isExact ? bound : this.#jointRange(source, destination, { family, via, state });
      range = range === undefined ? both : this.both(range, both);
    }
    return range ?? nothing;
  }

  /** What is in all of these, and what is in some. */
  rangeOf(numbers: readonly number[]): Range {
    return numbers.map(rangeOfOne).reduce((a, b) => this.both(a, b));
  }

  /** What is in both of these, and what is in either. */
  both(a: Range, b: Range): Range {
    return { least: this.#context.pool.intersect(a.least, b.least), most: this.#context.pool.union(a.most, b.most) };
  }

  /** Whether a side that asks for nothing that is not known lets nothing pass. */
  isShut(source: KnownEnd, destination: KnownEnd, via: Via, state: number): boolean {
    const [from, to] = [source.states[state], destination.states[state]];
    if (from === undefined || to === undefined) return true;
    if (this.#context.ways.subjectsAsk) return false;
    const isShut = (direction: Direction, subject: StateEnd, peer: StateEnd): boolean => {
      const table = tableAt(subject, direction, 0);
      const { labels, addresses } = table.asks;
      if ((labels && peer.isOnlyNamed) || (addresses && peer.hasNoAddress)) return false;
      return subject.others[direction].length === 0 && table.given(peer.podClass, via) === ConnectionPool.none;
    };
    return isShut("egress", from, to) || isShut("ingress", to, from);
  }

  /** Whether any way of one side goes with any of the other's; or does not matter, where one side is settled. */
  #areFree(source: KnownEnd, destination: KnownEnd, isOneSettled: boolean): boolean {
    const { subjectsAsk } = this.#context.ways;
    // What a side lets pass in some way may need one namespace to be in two.
    if (isOfOneNamespace(source, destination)) return !subjectsAsk && isOneSettled;
    return !subjectsAsk || isOneSettled;
  }

  /** What both sides let pass where the labels of one namespace have a say in both. */
  #jointRange(
    source: KnownEnd,
    destination: KnownEnd,
    { family, via, state }: { readonly family: Family | undefined; readonly via: Via; readonly state: number },
  ): Range {
    const [from, to] = [source.states[state] as StateEnd, destination.states[state] as StateEnd];
    const ranges = Array.from(this.#ways.labelsOfBoth(source, destination), ([own, other]) =>
      this.#together(
        this.#withOthers(from, "egress", tableAt(from, "egress", own).range(to, other, family, via)),
        this.#withOthers(to, "ingress", tableAt(to, "ingress", other).range(from, own, family, via)),
      ),
    );
    return ranges.reduce((a, b) => this.both(a, b));
  }

  /** What passes where any way of one side goes with any of the other's. */
  #together(sent: Range, taken: Range): Range {
    return {
      least: this.#context.pool.intersect(sent.least, taken.least),
      most: this.#context.pool.intersect(sent.most, taken.most),
    };
  }

  /** What a side lets pass, whichever labels the two namespaces have. */
  #sideRange(
    direction: Direction,
    subject: StateEnd,
    peer: StateEnd,
    { family, via }: { readonly family: Family | undefined; readonly via: Via },
  ): Range {
    if (opens(subject, direction)) return anything;
    const tables = subject.tables[direction];
    let range = (tables[0] as (typeof tables)[number]).range(peer, undefined, family, via);
    for (const table of tables.length === 1 ? [] : new Set(tables)) {
      range = this.both(range, table.range(peer, undefined, family, via));
    }
    return this.#withOthers(subject, direction, range);
  }

  /** As it may be where policies of other kinds close or open a side. */
  #withOthers({ others }: StateEnd, direction: Direction, range: Range): Range {
    const own = others[direction];
    if (own.length === 0) return range;
    return { least: ConnectionPool.none, most: own.some(mayOpen) ? ConnectionPool.all : range.most };
  }
}

/** Whether the same passes in all ways. */
export function isSettled({ least, most }: Range): boolean {
  return least === most;
}

/** Whether policies of other kinds may close a side, and open it. */
function opens({ others }: StateEnd, direction: Direction): boolean {
  return others[direction].some(mayOpen);
}

/** The number of what a side lets pass, where nothing that is not known has a say in it. */
function settledSide(direction: Direction, subject: StateEnd, peer: StateEnd, via: Via): number | undefined {
  const tables = subject.tables[direction];
  const [table] = tables;
  if (table === undefined || tables.length > 1 || subject.others[direction].length > 0) return undefined;
  return table.isSettled(peer) ? table.given(peer.podClass, via) : undefined;
}

function rangeOfOne(number: number): Range {
  return { least: number, most: number };
}

const nothing: Range = { least: ConnectionPool.none, most: ConnectionPool.none };
const anything: Range = { least: ConnectionPool.none, most: ConnectionPool.all };
