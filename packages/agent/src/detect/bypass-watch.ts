import { type Clock, sleep } from "@podwall/kube";
import { errorText } from "../error-text.ts";
import type { Log } from "../log.ts";
import { Repeats } from "../repeats.ts";
import type { Bypass, BypassKind } from "./bypass.ts";
import { type PodPlaces, findBypasses } from "./find-bypasses.ts";
import type { NodeNetwork } from "./node-network.ts";

export interface BypassWatchOptions {
  readonly places: () => Promise<PodPlaces>;
  /** What is enforced beside, though packets go past it. */
  readonly ignored: ReadonlySet<BypassKind>;
  readonly read: () => Promise<NodeNetwork>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Network plugins and proxies are set up, and changed, after the agent starts too; and where pods are may be learnt late. */
const lookEveryMs = 60_000;
const firstLookMs = 5_000;

/** Looks for ways past the rules. */
export class BypassWatch {
  readonly #options: BypassWatchOptions;
  #found: readonly Bypass[] = [];
  #said: ReadonlySet<string> = new Set();
  #saidUnseen = false;

  constructor(options: BypassWatchOptions) {
    this.#options = options;
  }

  /** What was found last and is not ignored. */
  get found(): readonly Bypass[] {
    return this.#found;
  }

  /** Rejects where nft cannot be run. */
  async look(): Promise<readonly Bypass[]> {
    const { places, ignored, read, log } = this.#options;
    const network = await read();
    if (!network.bridgesKnown && !this.#saidUnseen)
      log("warn", "bridges cannot be looked for: /sys shows another network namespace, or is not there");
    this.#saidUnseen = !network.bridgesKnown;
    const all = findBypasses(network, await places());
    this.#tell(all);
    this.#found = all.filter(({ kind }) => !ignored.has(kind));
    return this.#found;
  }

  /** Looks again and again until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    const failures = new Repeats(clock);
    for (let delayMs = firstLookMs; ; delayMs = lookEveryMs) {
      await sleep(clock, delayMs, signal);
      if (signal.aborted) return;
      try {
        await this.look();
        failures.reset();
      } catch (error) {
        const because = errorText(error);
        const times = failures.tell(because);
        if (times !== undefined) log("warn", "the node's network could not be looked at", { because, times });
      }
    }
  }

  #tell(all: readonly Bypass[]): void {
    const { ignored, log } = this.#options;
    const now = new Set(all.map(({ found }) => found));
    for (const { kind, found, mend } of all) {
      if (this.#said.has(found)) continue;
      if (ignored.has(kind)) log("warn", found, { ignored: kind });
      else log("error", found, { mend });
    }
    for (const found of this.#said) if (!now.has(found)) log("info", "no way past the rules any more", { was: found });
    this.#said = now;
  }
}
