import { ConnectionPool } from "./connection-pool.ts";
import type { Decisions } from "./decisions.ts";
import { type PlaceSet, hasPlace, unionOf, wordOf } from "./place-set.ts";
import type { TierSegment } from "./tier-segment.ts";

/**
 * What a table allows each class, worked out for the classes that are asked about: few of those that its rules are about
 * allow the other direction as well. Classes are places, connections are numbers of the pool.
 */
export class TableIntake {
  /** Those whom the table judges. */
  readonly subjects: Int32Array;
  readonly #pool: ConnectionPool;
  readonly #decisions: Decisions;
  /** What NetworkPolicies allow everyone, and what they allow some: each different thing once. */
  #everyone: number = ConnectionPool.none;
  readonly #connections: number[] = [];
  readonly #peers: PlaceSet[] = [];
  #admin: TierSegment | undefined;
  #baseline: TierSegment | undefined;

  constructor(subjects: Int32Array, pool: ConnectionPool, decisions: Decisions) {
    this.subjects = subjects;
    this.#pool = pool;
    this.#decisions = decisions;
  }

  allowEveryone(connections: number): void {
    this.#everyone = this.#pool.union(this.#everyone, connections);
  }

  allow(peers: PlaceSet, connections: number): void {
    const known = this.#connections.indexOf(connections);
    if (known >= 0) this.#peers[known] = unionOf(this.#peers[known] as PlaceSet, peers);
    else {
      this.#connections.push(connections);
      this.#peers.push(peers);
    }
  }

  /** Has the Baseline tier judge what is open to NetworkPolicy. */
  judgeBy(baseline: TierSegment): void {
    this.#baseline = baseline;
  }

  /** Has the Admin tier judge before all others. */
  judgeFirstBy(admin: TierSegment): void {
    this.#admin = admin;
  }

  /** What is allowed to or from all classes that no rule is about. */
  get base(): number {
    const rest = this.#restOf(this.#baseline?.base);
    return this.#admin === undefined ? rest : this.#decisions.withRest(this.#admin.base, rest);
  }

  /** What is allowed to or from a class. */
  allowed(place: number): number {
    const sets = this.#peers;
    let rest = this.#baseline === undefined ? this.#everyone : this.#restOf(this.#baseline.all[place]);
    for (let index = 0; index < sets.length; index++) {
      if (hasPlace(sets[index] as PlaceSet, place)) {
        rest = this.#pool.union(rest, this.#connections[index] as number);
      }
    }
    return this.#admin === undefined ? rest : this.#decisions.withRest(this.#admin.all[place] as number, rest);
  }

  /** Of the 32 classes from place `32 * word` on, those of whom some rule may say another than of all others. */
  about(word: number): number {
    let bits = this.#baseline === undefined ? 0 : wordOf(this.#baseline.peerSet, word);
    for (const peers of this.#peers) bits |= wordOf(peers, word);
    if (this.#admin === undefined) return bits;
    // Where all that is not accepted is closed, the tier's other rules change nothing.
    const isClosed = this.base === ConnectionPool.none && this.#restOf(this.#baseline?.base) === ConnectionPool.none;
    return bits | wordOf(isClosed ? this.#admin.acceptingSet : this.#admin.peerSet, word);
  }

  /** What NetworkPolicies, or the Baseline tier in this state, leave everyone. */
  #restOf(baseline: number | undefined): number {
    return baseline === undefined ? this.#everyone : this.#decisions.outcome(baseline, "Baseline");
  }
}
