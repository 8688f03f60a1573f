import { greet } from "./client.ts";
import type { ProbeAnswer, ProbeOrder } from "./messages.ts";
import { newWord } from "./word.ts";

/** Tries one connection. */
export async function probe(order: ProbeOrder): Promise<ProbeAnswer> {
  const began = performance.now();
  const attempt = await greet(order, { word: newWord() });
  const tookMs = performance.now() - began;
  if (attempt.kind === "failed") return { outcome: attempt.outcome, tookMs };
  attempt.client.close();
  return { outcome: attempt.name === order.expect ? "open" : "wrong-peer", tookMs };
}

/** Tries many, at most `concurrency` at a time; answers in the order of `orders`. */
export async function probeAll(
  orders: readonly ProbeOrder[],
  concurrency: number,
  onDone: () => void,
): Promise<readonly ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < orders.length; index = next++) {
      answers[index] = await probe(orders[index] as ProbeOrder);
      onDone();
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, orders.length) }, work));
  return answers;
}
