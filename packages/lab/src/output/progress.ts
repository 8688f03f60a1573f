/** One line on a terminal that tells how far long work has come; says nothing elsewhere. */
export class Progress {
  readonly #write: ((text: string) => void) | undefined;
  #shown = false;

  constructor(stream: { readonly isTTY?: boolean; write(text: string): unknown }) {
    this.#write = stream.isTTY === true ? (text) => void stream.write(text) : undefined;
  }

  show(text: string): void {
    this.#write?.(`\r\u001b[K${text}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#write?.("\r\u001b[K");
    this.#shown = false;
  }
}
