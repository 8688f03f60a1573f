import type { Lab } from "../network/lab.ts";
import { type Place, nameOfPlace } from "../network/place.ts";
import type { ProbeAnswer, ProbeOrder } from "../pod/messages.ts";

/** A connection to try from a place. */
export interface PlacedOrder {
  readonly source: Place;
  readonly order: ProbeOrder;
}

export interface RunOptions {
  /** Connections under way at a time, in the whole lab. */
  readonly concurrency?: number;
  readonly onProgress?: (done: number) => void;
}

/** Enough to keep the processors busy while denied connections wait for their time to run out. */
const defaultConcurrency = 256;

/** Tries connections; answers in the order of `orders`. */
export async function runOrders(
  lab: Lab,
  orders: readonly PlacedOrder[],
  { concurrency = defaultConcurrency, onProgress }: RunOptions = {},
): Promise<readonly ProbeAnswer[]> {
  const bySource = new Map<string, { source: Place; indices: number[] }>();
  for (const [index, { source }] of orders.entries()) {
    const name = nameOfPlace(source);
    const group = bySource.get(name) ?? { source, indices: [] };
    group.indices.push(index);
    bySource.set(name, group);
  }
  const answers: ProbeAnswer[] = [];
  const each = Math.max(2, Math.floor(concurrency / Math.max(1, bySource.size)));
  await Promise.all(
    [...bySource.values()].map(async ({ source, indices }) => {
      const process = await lab.process(source);
      const probes = indices.map((index) => (orders[index] as PlacedOrder).order);
      const found = await process.ask("probe", { probes, concurrency: each }, onProgress);
      for (const [position, index] of indices.entries()) answers[index] = found[position] as ProbeAnswer;
    }),
  );
  return answers;
}
