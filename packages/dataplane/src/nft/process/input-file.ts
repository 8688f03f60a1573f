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
  /** How many bytes it holds. */
  #length = 0;

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** Opens one that holds `text`; the caller closes it. Undefined where there is no room for it. */
  static with(text: string): InputFile | undefined {
    // In memory where that can be: a disk takes milliseconds to shorten a file.
    for (const folder of ["/dev/shm", tmpdir()]) {
      const file = InputFile.#openIn(folder);
      if (file?.hold(text) === true) return file;
      file?.close();
    }
    return undefined;
  }

  static #openIn(folder: string): InputFile | undefined {
    const path = join(folder, `podwall-${randomUUID()}.nft`);
    try {
      return new InputFile(openSync(path, "wx+", 0o600));
    } catch {
      return undefined;
    } finally {
      rmSync(path, { force: true });
    }
  }

  /**
   * Has it hold another text instead. Where it is read from stays as it is: at its start. Where there is no room it says so, and
   * holds nothing.
   */
  hold(text: string): boolean {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at, bytes.length - at, at);
      // Written over, and then cut: to give memory back and to get it anew takes longer than to write.
      if (bytes.length < this.#length) ftruncateSync(this.descriptor, bytes.length);
      this.#length = bytes.length;
      return true;
    } catch {
      ftruncateSync(this.descriptor);
      this.#length = 0;
      return false;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
