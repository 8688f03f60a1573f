import { Pieces } from "./pieces.ts";

export type ListItem =
  | { readonly kind: "item"; readonly bytes: Buffer }
  /** It was longer than the limit; its beginning is kept. */
  | { readonly kind: "cut"; readonly start: Buffer };

/** Everything in a list but its items; far more than that ever is. */
const maxEnvelopeBytes = 1024 * 1024;
const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket, comma] = [34, 92, 123, 125, 91, 93, 44];

/**
 * Takes a list object's JSON apart as it arrives: each item by itself, so that never more than one is in memory as JSON
 * and none can grow beyond a limit, and the rest as the list's envelope with `items` empty.
 */
export class ListScanner {
  readonly #onItem: (item: ListItem) => void;
  readonly #item: Pieces;
  readonly #envelope = new Pieces(maxEnvelopeBytes);
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The last string at the depth of the list's own fields. */
  #field = "";
  #inItems = false;

  constructor(maxItemBytes: number, onItem: (item: ListItem) => void) {
    this.#onItem = onItem;
    this.#item = new Pieces(maxItemBytes);
  }

  push(chunk: Buffer): void {
    /** Where in this chunk the bytes begin that are not given to an item or the envelope yet. */
    let start = 0;
    let fieldStart = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inString = false;
          if (this.#depth === 1) this.#field += chunk.toString("latin1", fieldStart, i);
        }
        continue;
      }
      if (byte === quote) {
        this.#inString = true;
        if (this.#depth === 1) {
          this.#field = "";
          fieldStart = i + 1;
        }
      } else if (byte === openBrace || byte === openBracket) {
        this.#depth += 1;
        if (this.#depth === 2 && byte === openBracket && this.#field === "items") {
          this.#envelope.add(chunk.subarray(start, i + 1));
          start = i + 1;
          this.#inItems = true;
        }
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth -= 1;
        if (this.#inItems && this.#depth === 1) {
          this.#endItem(chunk.subarray(start, i));
          start = i;
          this.#inItems = false;
        }
      } else if (byte === comma && this.#inItems && this.#depth === 2) {
        this.#endItem(chunk.subarray(start, i));
        start = i + 1;
      }
    }
    if (this.#inString && this.#depth === 1)
      this.#field = (this.#field + chunk.toString("latin1", fieldStart)).slice(0, 64);
    (this.#inItems ? this.#item : this.#envelope).add(chunk.subarray(start));
  }

  /** The list without its items, as text; undefined where the JSON was not whole. */
  end(): string | undefined {
    const { bytes, cut } = this.#envelope.take();
    return this.#depth !== 0 || cut ? undefined : bytes.toString("utf8");
  }

  #endItem(rest: Buffer): void {
    this.#item.add(rest);
    const { bytes, cut } = this.#item.take();
    if (cut) this.#onItem({ kind: "cut", start: bytes });
    else if (!isBlank(bytes)) this.#onItem({ kind: "item", bytes });
  }
}

/** Between the brackets of an empty list. */
function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 10 || byte === 13 || byte === 9);
}
