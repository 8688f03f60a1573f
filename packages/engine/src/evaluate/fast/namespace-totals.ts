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
  for (const { sources, destinations } of blocks) {
    const to = podsByNamespace(destinations);
    for (const [source, pods] of podsByNamespace(sources)) {
      for (const [destination, others] of to) add(source, destination, pods * others);
    }
    // No pod is paired with itself.
    const [few, many] = sources.length < destinations.length ? [sources, destinations] : [destinations, sources];
    const both = few.length === 1 ? few.filter((podClass) => many.includes(podClass)) : common(few, many);
    for (const { namespace, pods } of both) add(namespace, namespace, -pods.size);
  }
  return withoutZeros(totals);
}

function common(few: readonly PodClass[], many: readonly PodClass[]): readonly PodClass[] {
  const wanted = new Set(few);
  return many.filter((podClass) => wanted.has(podClass));
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
