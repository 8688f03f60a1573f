import { NftDataplane, clearMarksWith, defaultMarkBits, nftProcess } from "@podwall/dataplane";

/** What a cleanup found. */
export type CleanupResult = "removed" | "nothing there";

/** Takes everything that podwall put into this node's kernel away again. Rejects with an `NftError`. */
export async function cleanup(): Promise<CleanupResult> {
  const nft = nftProcess({ command: ["nft"] });
  const clearMarks = clearMarksWith(["conntrack"]);
  try {
    const found = (await nft.objects()) !== undefined;
    await new NftDataplane({ nft, clearMarks }).remove();
    await clearMarks(defaultMarkBits);
    return found ? "removed" : "nothing there";
  } finally {
    await nft.close();
  }
}
