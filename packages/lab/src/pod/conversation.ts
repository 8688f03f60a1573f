import { formatReply, parseGreeting } from "./greeting.ts";
import type { Heard, StreamMode } from "./messages.ts";

/** What servers remember of their clients' words. */
export class HeardWords {
  readonly #words = new Map<string, { messages: number; at: number }>();

  note(word: string): void {
    const entry = this.#words.get(word);
    if (entry === undefined) this.#words.set(word, { messages: 1, at: performance.now() });
    else {
      entry.messages++;
      entry.at = performance.now();
    }
  }

  heard(word: string): Heard {
    const entry = this.#words.get(word);
    return entry === undefined
      ? { messages: 0, quietMs: Number.MAX_SAFE_INTEGER }
      : { messages: entry.messages, quietMs: performance.now() - entry.at };
  }
}

/** The longest a server keeps sending by itself: nobody told it that the other end is gone. */
const longestPushMs = 600_000;

/** One end's side of what follows a greeting. */
export class Conversation {
  readonly #name: () => string;
  readonly #words: HeardWords;
  readonly #say: (text: string) => void;
  #mode: StreamMode | undefined;
  #push: NodeJS.Timeout | undefined;

  constructor(name: () => string, words: HeardWords, say: (text: string) => void) {
    this.#name = name;
    this.#words = words;
    this.#say = say;
  }

  /** Takes one line; false when it is neither a greeting nor part of a stream. */
  hear(line: string): boolean {
    const greeting = parseGreeting(line);
    if (greeting !== undefined) {
      this.#mode = greeting.stream?.mode;
      if (greeting.stream !== undefined) this.#words.note(greeting.word);
      this.#say(formatReply(greeting.word, this.#name()));
      if (greeting.stream?.mode === "push") this.#startPush(greeting.stream.intervalMs);
      return true;
    }
    const tick = /^tick ([a-z0-9]+)\n?$/.exec(line);
    if (tick === null) return false;
    this.#words.note(tick[1] as string);
    if (this.#mode !== "send") this.#say(line);
    return true;
  }

  end(): void {
    clearInterval(this.#push);
  }

  #startPush(intervalMs: number): void {
    clearInterval(this.#push);
    const push = setInterval(() => this.#say("tick\n"), intervalMs);
    this.#push = push;
    setTimeout(() => clearInterval(push), longestPushMs).unref();
  }
}
