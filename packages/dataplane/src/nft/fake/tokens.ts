import { NftError } from "../nft.ts";

export type Token =
  | { readonly kind: "word"; readonly text: string; readonly at: number }
  | { readonly kind: "string"; readonly text: string; readonly at: number }
  | { readonly kind: "symbol"; readonly text: string; readonly at: number };

/** Cuts a command into words (names, numbers, addresses and ranges), quoted strings and single symbols. */
export function tokensOf(command: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|"([^"]*)"|((?:::|\w|\.(?=[A-Za-z_]))[\w.:/-]*)|(.)/gy;
  for (const match of command.matchAll(pattern)) {
    const [, quoted, word, symbol] = match;
    const at = match.index;
    if (quoted !== undefined) tokens.push({ kind: "string", text: quoted, at });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, at });
    else if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol, at });
  }
  return tokens;
}

/** Reads tokens one after the other; what does not fit is an `NftError` of kind `syntax`. */
export class TokenReader {
  readonly #command: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(command: string) {
    this.#command = command;
    this.#tokens = tokensOf(command);
  }

  /** The next token, without taking it. */
  peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  take(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.error("unexpected end");
    this.#next++;
    return token;
  }

  /** Takes the next token if it is this unquoted text. */
  accept(text: string): boolean {
    const token = this.peek();
    if (token === undefined || token.kind === "string" || token.text !== text) return false;
    this.#next++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.error(`expected ${JSON.stringify(text)}`);
  }

  word(): string {
    const token = this.peek();
    if (token?.kind !== "word") throw this.error("expected a word");
    this.#next++;
    return token.text;
  }

  string(): string {
    const token = this.peek();
    if (token?.kind !== "string") throw this.error("expected a quoted string");
    this.#next++;
    return token.text;
  }

  number(): number {
    const word = this.word();
    if (!/^[0-9]+$/.test(word)) throw this.error(`expected a number, not ${word}`);
    return Number(word);
  }

  end(): void {
    if (this.peek() !== undefined) throw this.error("unexpected text");
  }

  /** The rest as it was written. */
  rest(): string {
    const token = this.peek();
    this.#next = this.#tokens.length;
    return token === undefined ? "" : this.#command.slice(token.at).trim();
  }

  error(reason: string): NftError {
    const token = this.peek();
    const place = token === undefined ? "at the end" : `at ${JSON.stringify(token.text)}`;
    return new NftError("syntax", `syntax error, ${reason} ${place}: ${this.#command}`);
  }
}
