import type { HeardWords } from "./conversation.ts";

export interface ServerOptions {
  /** What to answer a greeting with. */
  readonly name: () => string;
  readonly words: HeardWords;
  /** Undefined for what is not a DNS question. */
  readonly answerDns: (message: Buffer) => Buffer | undefined;
}

export interface RunningServer {
  close(): void;
}
