import { randomUUID } from "node:crypto";
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A file without a name, for nft to read. What it holds is whole or absent: through a pipe, nft would run the first half of a
 * transaction when the writer is killed in between, because end of input is as good as a line break to it.
 */
export class InputFile {
  readonly descriptor: number;

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** Opens one that holds `text`; the caller closes it. */
  static with(text: string): InputFile {
    // In memory where that can be: a disk takes milliseconds to shorten a file.
    const folders = ["/dev/shm", tmpdir()];
    for (const [index, folder] of folders.entries()) {
      const path = join(folder, `podwall-${randomUUID()}.nft`);
      let file: InputFile | undefined;
      try {
        file = new InputFile(openSync(path, "wx+", 0o600));
        file.hold(text);
        return file;
      } catch (cause) {
        file?.close();
        if (index === folders.length - 1) {
          throw new Error(`cannot write nft's input to ${folders.join(" or ")}`, { cause });
        }
      } finally {
        rmSync(path, { force: true });
      }
    }
    throw new Error("unreachable");
  }

  /** Has it hold another text instead. Where it is read from stays as it is: at its start. */
  hold(text: string): void {
    const bytes = Buffer.from(text);
    ftruncateSync(this.descriptor);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at, bytes.length - at, at);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
