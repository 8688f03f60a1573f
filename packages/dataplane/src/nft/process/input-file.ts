import { randomUUID } from "node:crypto";
import { closeSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Opens a file that holds `text` and has no name any more; the caller closes the descriptor. As a program's standard
 * input it is whole or absent: through a pipe, nft would run the first half of a transaction when the writer is killed
 * in between, because end of input is as good as a line break to it.
 */
export function openInputFile(text: string): number {
  const folders = [tmpdir(), "/dev/shm"];
  for (const [index, folder] of folders.entries()) {
    const path = join(folder, `podwall-${randomUUID()}.nft`);
    try {
      writeFileSync(path, text, { mode: 0o600, flag: "wx" });
      return openSync(path, "r");
    } catch (cause) {
      if (index === folders.length - 1) {
        throw new Error(`cannot write nft's input to ${folders.join(" or ")}`, { cause });
      }
    } finally {
      rmSync(path, { force: true });
    }
  }
  throw new Error("unreachable");
}

/** Runs `use` with a descriptor of such a file. */
export async function withInputFile<Result>(
  text: string,
  use: (descriptor: number) => Promise<Result>,
): Promise<Result> {
  const descriptor = openInputFile(text);
  try {
    return await use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
