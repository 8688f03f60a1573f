import { nftProcess } from "@podwall/dataplane";
import type { TimedElements } from "./update-results.ts";

const times = 100;
const map = "bench";

/** How long nft takes for one element, in the table that there is, or in one made for this. What was made is gone afterwards. */
export async function timedElements(): Promise<TimedElements> {
  const nft = nftProcess({ command: ["nft"] });
  try {
    const there = await nft.objects();
    await nft.run([
      ...(there === undefined ? ["add table inet podwall"] : []),
      `add map inet podwall ${map} { type ipv4_addr : mark; }`,
    ]);
    const tookMs: number[] = [];
    for (let index = 0; index < times; index++) {
      const began = performance.now();
      await nft.run([`add element inet podwall ${map} { 192.0.2.${index} : ${index} }`]);
      tookMs.push(performance.now() - began);
    }
    await nft.run([there === undefined ? "delete table inet podwall" : `delete map inet podwall ${map}`]);
    return { chains: there?.chains.length ?? 0, sets: there?.sets.length ?? 0, tookMs };
  } finally {
    await nft.close();
  }
}
