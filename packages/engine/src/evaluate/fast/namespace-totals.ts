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
    row.set(destination, (row.get(destination) ?? 0) + pairs);
  };
  for (const { sources, destinations, except } of blocks) {
    const to = podsByNamespace(destinations);
    for (const [source, pods] of podsByNamespace(sources)) {
      for (const [destination, others] of to) add(source, destination, pods * others);
    }
    for (const [source, others] of except) {
      for (const destination of others) {
        add(source.namespace, destination.namespace, -source.pods.size * destination.pods.size);
      }
    }
    // No pod is paired with itself.
    const both = new Set(destinations);
    for (const podClass of sources) {
      if (!both.has(podClass) || except.get(podClass)?.has(podClass) === true) continue;
      add(podClass.namespace, podClass.namespace, -podClass.pods.size);
    }
  }
  return withoutZeros(totals);
}

function podsByNamespace(classes: readonly PodClass[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace, pods } of classes) counts.set(namespace, (counts.get(namespace) ?? 0) + pods.size);
  return counts;
}

function withoutZeros(totals: Map<string, Map<string, number>>): NamespaceTotals {
  for (const [source, row] of totals) {
    for (const [destination, pairs] of row) if (pairs === 0) row.delete(destination);
    if (row.size === 0) totals.delete(source);
  }
  return totals;
}
