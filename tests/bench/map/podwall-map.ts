import {
  type Cluster,
  type ClusterChange,
  type ConnectionSet,
  type Endpoint,
  FastEvaluator,
  type OpenBlock,
  type PodClass,
  namespaceTotals,
} from "@podwall/engine";

export type { OpenBlock, PodClass } from "@podwall/engine";

/** The engine as the bench uses it: the only file of the bench that knows how the engine works out a whole map. */
export interface PodwallMap {
  /** Every pod that policies can see is in one. */
  readonly classes: readonly PodClass[];
  /** Who may talk to whom, as blocks of which no two hold one pair; worked out while it is read, and may be read again. */
  readonly blocks: () => Iterable<OpenBlock>;
  /** One answer, as a loaded program would ask for it. */
  readonly connections: (source: Endpoint, destination: Endpoint) => ConnectionSet;
  /** Follows a change, and counts the pairs of classes that it changes. */
  readonly update: (change: ClusterChange) => number;
}

/** Works out what all answers rest on. */
export function mapOf(cluster: Cluster): PodwallMap {
  const evaluator = new FastEvaluator(cluster);
  return {
    classes: [...evaluator.classes],
    blocks: () => evaluator.openBlocks(),
    connections: (source, destination) => evaluator.connections(source, destination),
    update: (change) => [...evaluator.update(change).pairs].length,
  };
}

/** How many ordered pairs of different pods may exchange something, by namespace of the source and the destination. */
export function totalsByNamespace(blocks: Iterable<OpenBlock>): ReadonlyMap<string, ReadonlyMap<string, number>> {
  return namespaceTotals(blocks);
}
