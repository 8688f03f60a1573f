import { NftDataplane, defaultMarkBits, nftProcess } from "@podwall/dataplane";
import { patientClearMarks } from "./patient-clear-marks.ts";

/** What a cleanup found. */
export type CleanupResult = "removed" | "nothing there";

/** Takes everything that podwall put into this node's kernel away again. Rejects with an `NftError`. */
export async function cleanup(): Promise<CleanupResult> {
  const nft = nftProcess({ command: ["nft"] });
  try {
    const found = (await nft.objects()) !== undefined;
    await new NftDataplane({ nft, clearMarks: patientClearMarks }).remove();
    await patientClearMarks(defaultMarkBits);
    return found ? "removed" : "nothing there";
  } finally {
    await nft.close();
  }
}
