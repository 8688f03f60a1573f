import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import { askedNamespaceKeys } from "../namespace-variation.ts";
import { WayCluster } from "./way-cluster.ts";
import { type SeenState, type Ways, waysOf } from "./ways.ts";

/** What all answers for pairs of some states are made of. */
export class PairContext {
  /** Of outcomes. */
  readonly pool = new ConnectionPool();
  readonly ways: Ways;
  readonly states: readonly WayCluster[];
  readonly #mostWork: number;
  #tooMuch: boolean | undefined;
  #keys: readonly string[] | undefined;

  constructor(states: readonly SeenState[], mostWork: number) {
    this.ways = waysOf(states);
    this.states = states.map((state) => new WayCluster(state, this.ways, this.pool));
    this.#mostWork = mostWork;
  }

  /** Whether trying every way is too much work. */
  get isTooMuch(): boolean {
    this.#tooMuch ??=
      this.ways.labels.length + this.ways.addresses.length > 1 &&
      this.states.reduce((sum, { work }) => sum + work, 0) > this.#mostWork;
    return this.#tooMuch;
  }

  /** The keys of labels that policies ask for; in order. */
  get askedKeys(): readonly string[] {
    this.#keys ??= [...new Set(this.states.flatMap(({ cluster }) => askedNamespaceKeys(cluster)))].sort();
    return this.#keys;
  }
}
