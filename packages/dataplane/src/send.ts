import { type Nft, NftError } from "./nft/nft.ts";

/**
 * Runs commands in as few transactions as the kernel takes: all in one, and where that is too long for the socket buffer
 * (only privileged users may exceed net.core.wmem_max, about 208 KiB), each half by itself. For commands that need not
 * take effect at one instant.
 */
export async function send(nft: Pick<Nft, "run">, commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  try {
    await nft.run(commands);
  } catch (error) {
    if (!(error instanceof NftError) || error.kind !== "too-long" || commands.length === 1) throw error;
    const middle = commands.length >> 1;
    await send(nft, commands.slice(0, middle));
    await send(nft, commands.slice(middle));
  }
}
