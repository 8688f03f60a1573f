/** Collects bytes up to a limit; past it, only the beginning is kept. */
export class Pieces {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#size += piece.length;
    if (this.#size <= this.#maxBytes) {
      this.#pieces.push(piece);
      return;
    }
    // A copy, so that the long rest is not kept for it.
    if (this.#size - piece.length <= this.#maxBytes) {
      const start = Buffer.concat([...this.#pieces, piece]).subarray(0, keptBytes);
      this.#pieces = [Buffer.from(start)];
    }
  }

  /** What was collected, and begins anew. */
  take(): { readonly bytes: Buffer; readonly cut: boolean } {
    const [first = Buffer.alloc(0)] = this.#pieces;
    const taken = {
      bytes: this.#pieces.length <= 1 ? first : Buffer.concat(this.#pieces),
      cut: this.#size > this.#maxBytes,
    };
    this.#pieces = [];
    this.#size = 0;
    return taken;
  }
}

/** Of what is too long: enough for the name of an object in it. */
const keptBytes = 16 * 1024;
