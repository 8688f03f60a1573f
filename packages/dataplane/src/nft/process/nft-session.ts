import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { NftError } from "../nft.ts";
import { killChild, startChild } from "./child.ts";
import type { InputFile } from "./input-file.ts";
import { noAnswer } from "./run-once.ts";

/** As this process hands it to nft. */
const inputDescriptor = 3;

/**
 * One `nft -i` that lives on between transactions: a line is a transaction. It reads lines a byte at a time, about a millisecond
 * for 1,000, so a line only names the file that holds the commands. It answers nothing to success, so each line is
 * followed by a word that is no command: the complaint about that word marks the end. (A `list` would mark it too, but
 * makes nft read the whole ruleset.) One transaction at a time.
 */
export class NftSession {
  readonly #child: ChildProcess;
  readonly #input: InputFile;
  readonly #timeoutMs: number;
  readonly #mark = `podwall_end_${randomBytes(8).toString("hex")}_`;
  readonly #ended: Promise<void>;
  #marks = 0;
  #stderr = "";
  #waiting: { readonly mark: string; readonly settle: (answer: string | NftError) => void } | undefined;
  /** Whether it can take a transaction. */
  alive = true;
  /** Characters sent so far. nft keeps every line as history, and what it allocated for the longest transaction. */
  sent = 0;

  private constructor(command: readonly string[], input: InputFile, timeoutMs: number) {
    this.#input = input;
    this.#timeoutMs = timeoutMs;
    this.#child = startChild([...command, "-i"], ["pipe", "ignore", "pipe", this.#input.descriptor]);
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#die(
          new NftError("other", "nft ended before it answered; whether the transaction took effect is not known"),
        );
        resolve();
      };
      this.#child.once("error", end);
      this.#child.once("close", end);
    });
    this.#child.once("exit", () => {
      this.alive = false;
    });
    // A write to a process that is gone; its end is told by `close`.
    this.#child.stdin?.on("error", () => undefined);
    this.#child.stderr?.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
  }

  /** Starts one that reads this file, which it closes in the end, and gives it only if it answers, and reads files so. */
  static async start(command: readonly string[], input: InputFile, timeoutMs: number): Promise<NftSession | undefined> {
    const session = new NftSession(command, input, timeoutMs);
    try {
      if ((await session.transaction("")) === "") return session;
    } catch {
      // It did not answer.
    }
    await session.end();
    return undefined;
  }

  /**
   * Runs commands, one a line, as one transaction and gives what nft wrote about it: nothing, if it took effect. Undefined where
   * there is no room to write the commands, and nft was told nothing.
   */
  async transaction(commands: string): Promise<string | undefined> {
    if (!this.#input.hold(commands)) return undefined;
    this.sent += commands.length;
    return this.#ask(`include "/proc/self/fd/${inputDescriptor}"\n`);
  }

  /** Lets it end by itself, and kills it if it does not. */
  async end(): Promise<void> {
    this.alive = false;
    this.#child.stdin?.end();
    const timer = setTimeout(() => killChild(this.#child), 1000);
    await this.#ended;
    clearTimeout(timer);
    this.#input.close();
  }

  async #ask(text: string): Promise<string> {
    const mark = `${this.#mark}${++this.#marks}`;
    const timer = setTimeout(() => {
      killChild(this.#child);
      this.#die(noAnswer(this.#timeoutMs));
    }, this.#timeoutMs);
    const answer = await new Promise<string | NftError>((resolve) => {
      this.#waiting = { mark, settle: resolve };
      const input = `${text}${mark}\n`;
      this.sent += input.length;
      this.#child.stdin?.write(input);
    });
    clearTimeout(timer);
    if (typeof answer === "string") return answer;
    throw answer;
  }

  #read(chunk: string): void {
    this.#stderr += chunk;
    const { mark } = this.#waiting ?? {};
    if (mark === undefined) return;
    // Error: syntax error, …⏎ MARK⏎ ^⏎
    const at = this.#stderr.indexOf(`\n${mark}\n`);
    const end = at < 0 ? -1 : this.#stderr.indexOf("\n", at + mark.length + 2);
    if (end < 0) return;
    const before = this.#stderr.slice(0, at);
    const answer = before.slice(0, before.lastIndexOf("\n") + 1);
    this.#stderr = this.#stderr.slice(end + 1);
    this.#settle(answer);
  }

  #die(reason: NftError): void {
    this.alive = false;
    this.#settle(reason);
  }

  #settle(answer: string | NftError): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.settle(answer);
  }
}
