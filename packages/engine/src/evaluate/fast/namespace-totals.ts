import type { OpenBlock } from "./open-blocks.ts";
import type { PodClass } from "./pod-class.ts";

/** How many ordered pairs of different pods of two namespaces may exchange something, by source and destination. */
export type NamespaceTotals = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Counts the pairs of a map by namespace. */
export function namespaceTotals(blocks: Iterable<OpenBlock>): NamespaceTotals {
  const totals = new Map<string, Map<string, number>>();
  const add = (source: string, pods: number, destination: string, others: number): void => {
    let row = totals.get(source);
    if (row === undefined) totals.set(source, (row = new Map()));
    row.set(destination, (row.get(destination) ?? 0) + pods * others);
  };
  for (const { sources, destinations } of blocks) {
    const to = podsByNamespace(destinations);
    const from = podsByNamespace(sources);
    from.forEach((pods, source) => to.forEach((others, destination) => add(source, pods, destination, others)));
    // No pod is paired with itself.
    const [few, many] = sources.length < destinations.length ? [sources, destinations] : [destinations, sources];
    const both = few.length === 1 ? few.filter((podClass) => many.includes(podClass)) : common(few, many);
    for (const { namespace, pods } of both) add(namespace, -1, namespace, pods.size);
  }
  return withoutZeros(totals);
}

function common(few: readonly PodClass[], many: readonly PodClass[]): readonly PodClass[] {
  const wanted = new Set(few);
  return many.filter((podClass) => wanted.has(podClass));
}

function podsByNamespace(classes: readonly PodClass[]): Map<string, number> {
  const counts = new Map<string, number>();
  let [namespace, count] = ["", 0];
  // Neighbours are often of one namespace.
  for (let index = 0; index < classes.length; index++) {
    const podClass = classes[index] as PodClass;
    if (podClass.namespace !== namespace) {
      if (count > 0) counts.set(namespace, (counts.get(namespace) ?? 0) + count);
      [namespace, count] = [podClass.namespace, 0];
    }
    count += podClass.pods.size;
  }
  if (count > 0) counts.set(namespace, (counts.get(namespace) ?? 0) + count);
  return counts;
}

function withoutZeros(totals: Map<string, Map<string, number>>): NamespaceTotals {
  for (const [source, row] of totals) {
    for (const [destination, pairs] of row) if (pairs === 0) row.delete(destination);
    if (row.size === 0) totals.delete(source);
  }
  return totals;
}
