import type { Clock } from "../clock.ts";
import type { WatchLimits } from "./watch-limits.ts";

/** Whether a resource's definition is installed, as far as it can be told now. */
export type Installed = "installed" | "absent" | "unknown";

/** Follows a resource's definition until the signal is aborted, and tells of all that is new about it. Never rejects. */
export type FollowDefinition = (onNews: (installed: Installed) => void, signal: AbortSignal) => Promise<void>;

export interface MissingResourceOptions {
  readonly clock: Clock;
  readonly limits: WatchLimits;
  readonly signal: AbortSignal;
  /** Where the resource's definition can be followed. */
  readonly definition: FollowDefinition | undefined;
}

/** What is to be made of it that the server does not serve a resource. */
export interface Finding {
  /** It has no objects. */
  readonly isGone: boolean;
  /** It should be served, or may be again soon: worth to be told. */
  readonly isOdd: boolean;
  /** Its definition is there, and is not served in this version. */
  readonly isUnserved: boolean;
  /** Until the next look, unless something is new. */
  readonly retryInMs: number;
}

const firstLookMs = 100;

/** A resource that the server does not serve, from when it said so until it is served. */
export class MissingResource {
  readonly #options: MissingResourceOptions;
  readonly #ended = new AbortController();
  readonly #following: Promise<void>;
  #installed: Installed | "asked" = "unknown";
  #since: number;
  /** Looks since something was new. */
  #looks = 0;
  #isNew = false;
  #rouse: () => void = () => undefined;

  constructor(options: MissingResourceOptions) {
    this.#options = options;
    const { clock, definition, signal } = options;
    this.#since = clock.now();
    if (definition !== undefined) this.#installed = "asked";
    const both = AbortSignal.any([signal, this.#ended.signal]);
    this.#following = definition?.((installed) => this.#hear(installed), both) ?? Promise.resolve();
  }

  /** What the server's word means where so many objects are known. */
  find(known: number): Finding {
    const { clock, limits } = this.#options;
    const forMs = clock.now() - this.#since;
    const isUnserved = this.#installed === "installed" && forMs >= limits.establishMs;
    const isGone = this.#isGone(known, forMs, isUnserved);
    const isOdd = isUnserved || (this.#installed === "unknown" && !isGone);
    return { isGone, isOdd, isUnserved, retryInMs: this.#retryInMs(isGone) };
  }

  /** Resolves after a while, or when something is new, or when the signal is aborted. */
  async pause(delayMs: number): Promise<void> {
    const { clock, signal } = this.#options;
    this.#looks += 1;
    if (!this.#isNew && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          cancel();
          signal.removeEventListener("abort", done);
          resolve();
        };
        const cancel = clock.timer(delayMs, done);
        this.#rouse = done;
        signal.addEventListener("abort", done, { once: true });
      });
    }
    this.#isNew = false;
  }

  /** The resource is served, or something else is in the way. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#following;
  }

  #hear(installed: Installed): void {
    if (installed !== this.#installed) this.#since = this.#options.clock.now();
    this.#installed = installed;
    this.#looks = 0;
    this.#isNew = true;
    this.#rouse();
  }

  #isGone(known: number, forMs: number, isUnserved: boolean): boolean {
    switch (this.#installed) {
      case "asked":
        return false;
      case "absent":
        return true;
      case "installed":
        // Its objects are there, and cannot be read: what was known stays.
        return known === 0 && isUnserved;
      case "unknown":
        return known === 0 || forMs >= this.#options.limits.missingConfirmMs;
    }
  }

  #retryInMs(isGone: boolean): number {
    const { missingRetryMs, absentRetryMs } = this.#options.limits;
    if (this.#installed === "absent") return absentRetryMs;
    if (this.#installed === "asked" || (this.#installed === "unknown" && isGone)) return missingRetryMs;
    // It may be there any moment.
    return Math.min(missingRetryMs, firstLookMs * 2 ** Math.min(this.#looks, 20));
  }
}
