import { checkCommandText, isObjectName } from "./command-text.ts";
import { type Nft, type NftElement, NftError, type NftObjects, type NftRule } from "./nft.ts";
import { asArguments } from "./process/as-arguments.ts";
import { DeclaredSets } from "./process/declared-sets.ts";
import { InputFile } from "./process/input-file.ts";
import { failureOf } from "./process/nft-failure.ts";
import { elementsOf, listObjects, listRules, objectsOf, rulesOf } from "./process/nft-json.ts";
import { NftSession } from "./process/nft-session.ts";
import { runOnce } from "./process/run-once.ts";
import { StartPauses } from "./process/start-pauses.ts";

export interface NftProcessOptions {
  /** How nft is called: `["nft"]`, or `["nsenter", "--net=/run/netns/node-1", "nft"]`. */
  readonly command: readonly string[];
  /** For one transaction or listing; 30 seconds by default. */
  readonly timeoutMs?: number;
}

/**
 * nftables by way of the `nft` program. Small transactions go through one that stays (0.4 ms instead of 3 to 16 ms), large
 * ones through one of their own. Transactions run in the order of the calls; a listing shows at least what was awaited
 * before it. `close` waits for what is under way and ends the process that stays.
 */
export function nftProcess({ command, timeoutMs = 30_000 }: NftProcessOptions): Nft & { close(): Promise<void> } {
  return new NftProcess(command, timeoutMs);
}

/** A larger transaction is no matter of milliseconds, and what it takes of memory its nft would keep. */
const sessionTransactionLimit = 65_536;
/** `nft -i` keeps some of what it reads; it is replaced before that matters. */
const sessionInputLimit = 4 * 1024 * 1024;

class NftProcess implements Nft {
  readonly #command: readonly string[];
  readonly #timeoutMs: number;
  /** The names that were maps' when they were listed last. */
  #maps: ReadonlySet<string> = new Set();
  readonly #declared = new DeclaredSets();
  #session: NftSession | undefined;
  readonly #startPauses = new StartPauses();
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(command: readonly string[], timeoutMs: number) {
    this.#command = command;
    this.#timeoutMs = timeoutMs;
  }

  async run(commands: readonly string[]): Promise<void> {
    for (const command of commands) checkCommandText(command);
    if (this.#closed) throw new NftError("unavailable", "nft was closed");
    if (commands.length > 0) await this.#inOrder(() => this.#follow(commands));
  }

  async objects(): Promise<NftObjects | undefined> {
    const { maps, ...objects } = objectsOf(await this.#list("--terse", listObjects));
    this.#maps = new Set(maps);
    const isEmpty = objects.chains.length + objects.sets.length === 0;
    return isEmpty && !(await this.#tableExists()) ? undefined : objects;
  }

  async elements(name: string): Promise<readonly NftElement[]> {
    // The name becomes part of a command.
    if (!isObjectName(name)) throw new NftError("not-found", `no set can be named ${JSON.stringify(name)}`);
    // `list set` does not find maps, nor `list map` sets.
    const [likely, other] = this.#maps.has(name) ? ["map", "set"] : ["set", "map"];
    try {
      return elementsOf(await this.#list(`list ${likely} inet podwall ${name}`));
    } catch (error) {
      if (!(error instanceof NftError && error.kind === "not-found")) throw error;
      return elementsOf(await this.#list(`list ${other} inet podwall ${name}`));
    }
  }

  async hasMap(name: string): Promise<boolean> {
    if (!isObjectName(name)) return false;
    try {
      // What it finds it prints, which nobody reads; what it does not find is an error. To get an element by its key, nft 1.0.6
      // reads every element of every set.
      await this.run([`list map inet podwall ${name}`]);
      return true;
    } catch (error) {
      if (error instanceof NftError && error.kind === "not-found") return false;
      throw error;
    }
  }

  async rules(): Promise<readonly NftRule[]> {
    return rulesOf(await this.#list("--terse", "--handle", listRules));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#inOrder(() => this.#endSession());
  }

  #inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #follow(commands: readonly string[]): Promise<void> {
    try {
      await this.#transaction(commands);
      this.#declared.follow(commands);
    } catch (error) {
      // It may have taken effect all the same.
      this.#declared.forget();
      throw error;
    }
  }

  async #transaction(commands: readonly string[]): Promise<void> {
    const lines = this.#declared.withoutListing(commands);
    const text = lines.map((line) => `${line.text}\n`).join("");
    const sources = lines.map(({ command }) => command);
    const session = text.length <= sessionTransactionLimit ? await this.#openSession() : undefined;
    const answer = await session?.transaction(text);
    if (answer === undefined) return this.#runAlone(text, sources);
    const failure = failureOf(answer, sources);
    if (failure !== undefined) throw failure;
  }

  async #runAlone(text: string, commands: readonly string[]): Promise<void> {
    const options = { commands, timeoutMs: this.#timeoutMs };
    const input = InputFile.with(text);
    if (input === undefined) {
      await runOnce([...this.#command, ...asArguments(text)], options);
      return;
    }
    try {
      await runOnce([...this.#command, "-f", "-"], { ...options, input: input.descriptor });
    } finally {
      input.close();
    }
  }

  async #tableExists(): Promise<boolean> {
    try {
      await this.#list("--terse", "list table inet podwall");
      return true;
    } catch (error) {
      if (error instanceof NftError && error.kind === "not-found") return false;
      throw error;
    }
  }

  #list(...what: readonly string[]): Promise<string> {
    return runOnce([...this.#command, "--json", "--numeric", ...what], { timeoutMs: this.#timeoutMs });
  }

  async #openSession(): Promise<NftSession | undefined> {
    if (this.#session !== undefined && this.#session.alive && this.#session.sent < sessionInputLimit)
      return this.#session;
    await this.#endSession();
    if (!this.#startPauses.mayStart(performance.now())) return undefined;
    const input = InputFile.with("");
    if (input === undefined) return undefined;
    this.#session = await NftSession.start(this.#command, input, this.#timeoutMs);
    if (this.#session === undefined) this.#startPauses.failed(performance.now());
    else this.#startPauses.started();
    return this.#session;
  }

  async #endSession(): Promise<void> {
    await this.#session?.end();
    this.#session = undefined;
  }
}
