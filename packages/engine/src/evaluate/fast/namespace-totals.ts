import type { OpenBlock } from "./open-blocks.ts";
import type { PodClass } from "./pod-class.ts";

/** How many ordered pairs of different pods of two namespaces may exchange something, by source and destination. */
export type NamespaceTotals = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Counts the pairs of a map by namespace. */
export function namespaceTotals(blocks: Iterable<OpenBlock>): NamespaceTotals {
  const totals = new Map<string, Map<string, number>>();
  const add = (source: string, destination: string, pairs: number): void => {
    let row = totals.get(source);
    if (row === undefined) totals.set(source, (row = new Map()));
    const sum = (row.get(destination) ?? 0) + pairs;
    if (sum === 0) row.delete(destination);
    else row.set(destination, sum);
  };
  for (const { sources, destinations } of blocks) {
    const to = podsByNamespace(destinations);
    for (const [source, pods] of podsByNamespace(sources)) {
      for (const [destination, others] of to) add(source, destination, pods * others);
    }
    // No pod is paired with itself.
    const both = new Set(destinations);
    for (const podClass of sources) {
      if (both.has(podClass)) add(podClass.namespace, podClass.namespace, -podClass.pods.size);
    }
  }
  return totals;
}

function podsByNamespace(classes: readonly PodClass[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace, pods } of classes) counts.set(namespace, (counts.get(namespace) ?? 0) + pods.size);
  return counts;
}
