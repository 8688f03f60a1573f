import { NftError } from "../nft.ts";
import type { FakeTable } from "./fake-table.ts";

/** Linux `NFT_JUMP_STACK_SIZE`. */
const deepest = 16;

/** Refuses a table in which a packet could go round in circles, or too deep, from some hook. */
export function checkLoops(table: FakeTable): void {
  const heights = new Map<string, number>();
  const path = new Set<string>();
  const heightOf = (name: string): number => {
    const known = heights.get(name);
    if (known !== undefined) return known;
    if (path.has(name)) throw new NftError("other", `chains lead in a circle through ${name}`);
    path.add(name);
    const height = 1 + Math.max(-1, ...[...table.targets(name)].map(heightOf));
    path.delete(name);
    heights.set(name, height);
    return height;
  };
  for (const [name, { base }] of table.chains) {
    if (base !== undefined && heightOf(name) >= deepest) throw new NftError("other", `too many chains below ${name}`);
  }
}
