import type { Nft } from "./nft/nft.ts";

/**
 * Whether podwall's table judges packets: a switch fills its hooks, and what is built before does not. A table may stand without,
 * where whoever built it was killed before the first switch.
 */
export async function isInForce(nft: Pick<Nft, "rules">): Promise<boolean> {
  return (await nft.rules()).some(({ chain }) => chain === "forward");
}
