import { Pieces } from "./pieces.ts";

export type Line =
  | { readonly kind: "line"; readonly bytes: Buffer }
  /** It was longer than the limit; its beginning is kept. */
  | { readonly kind: "cut"; readonly start: Buffer };

/**
 * Cuts a stream of bytes into its lines, wherever the chunks begin and end. What follows the last line break is held
 * back, and so never taken for a line where a connection ends in the middle of one.
 */
export class LineSplitter {
  readonly #line: Pieces;
  readonly #onLine: (line: Line) => void;

  constructor(maxLineBytes: number, onLine: (line: Line) => void) {
    this.#line = new Pieces(maxLineBytes);
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#line.add(chunk.subarray(start, end));
      start = end + 1;
      const taken = this.#line.take();
      if (taken.bytes.length > 0)
        this.#onLine(taken.cut ? { kind: "cut", start: taken.bytes } : { kind: "line", bytes: taken.bytes });
    }
    this.#line.add(chunk.subarray(start));
  }
}
