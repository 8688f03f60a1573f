import type { Endpoint } from "../../evaluate/connection.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { MissingFact } from "./missing-fact.ts";

/** One way in which things may be, as far as the input tells. */
export interface World {
  readonly cluster: Cluster;
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

/** A fact that is not known, and the worlds that differ in it from a given one; that one is not repeated. */
export interface Variation {
  readonly fact: MissingFact;
  /** Set where things are in one of the other ways for sure: a pod has some address. */
  readonly isNeverAsGiven?: boolean;
  readonly others: (world: World) => readonly World[];
}

/** The ends of a world, by their place in it. */
export const ends = ["source", "destination"] as const;
