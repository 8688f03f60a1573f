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
    if (sources.length === 1) {
      addFrom(sources[0] as PodClass, destinations, add);
      continue;
    }
    const to = podsByNamespace(destinations);
    const from = podsByNamespace(sources);
    from.forEach((pods, source) => to.forEach((others, destination) => add(source, pods, destination, others)));
    // No pod is paired with itself.
    const [few, many] = sources.length < destinations.length ? [sources, destinations] : [destinations, sources];
    for (const { namespace, pods } of common(few, many)) add(namespace, -1, namespace, pods.size);
  }
  return withoutZeros(totals);
}

/** Adds the pairs of one class with others, of which neighbours are often of one namespace. */
function addFrom(
  source: PodClass,
  destinations: readonly PodClass[],
  add: (source: string, pods: number, destination: string, others: number) => void,
): void {
  let namespace = "";
  let count = 0;
  for (let index = 0; index < destinations.length; index++) {
    const destination = destinations[index] as PodClass;
    if (destination.namespace !== namespace) {
      if (count > 0) add(source.namespace, source.pods.size, namespace, count);
      namespace = destination.namespace;
      count = 0;
    }
    count += destination.pods.size;
    // No pod is paired with itself.
    if (destination === source) add(namespace, -1, namespace, source.pods.size);
  }
  if (count > 0) add(source.namespace, source.pods.size, namespace, count);
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
