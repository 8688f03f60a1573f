import type { KubeClient } from "../client/kube-client.ts";
import { type Resource, pathOf } from "../client/resource.ts";
import { sleep } from "../clock.ts";
import { Backoff } from "./backoff.ts";
import { listPages } from "./list-pages.ts";
import { openWatch } from "./open-watch.ts";
import type { Decode } from "./read-item.ts";
import { ResourceState } from "./resource-state.ts";
import type { WatchEvent } from "./watch-event.ts";
import { WatchFailure, asWatchFailure } from "./watch-failure.ts";
import { type WatchLimits, defaultWatchLimits } from "./watch-limits.ts";

export interface WatchOptions<Kept> {
  readonly client: KubeClient;
  readonly resource: Resource;
  /** All namespaces where not given. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /**
   * What to keep of each object. Called as soon as the object is read, which then is let go. Where it throws, the object
   * is told of as unreadable. Undefined: the object is of no interest.
   */
  readonly decode: Decode<Kept>;
  readonly onEvent: (event: WatchEvent<Kept>) => void;
  /** Ends the watch; no event comes after. */
  readonly signal: AbortSignal;
  /** Where the server may well not know the resource: `empty` takes that for no objects. `retry` by default. */
  readonly whenMissing?: "retry" | "empty";
  readonly limits?: Partial<WatchLimits>;
}

/**
 * Tells of all objects of a resource, and of every change from then on, until the signal is aborted; then it resolves.
 * Whatever happens to the server or the way there it goes on, and what it told leads to what the server has. Rejects
 * only with what `onEvent` throws.
 */
export async function watchResource<Kept>(options: WatchOptions<Kept>): Promise<void> {
  await new ResourceWatch(options).run();
}

/** A server may ask to be left alone for this long at most. */
const longestRetryAfterMs = 300_000;

class ResourceWatch<Kept> {
  readonly #options: WatchOptions<Kept>;
  readonly #limits: WatchLimits;
  readonly #state: ResourceState<Kept>;
  readonly #backoff: Backoff;
  /** How to get the next list: as a watch that begins with all objects, or page by page. */
  #listBy: "watch" | "pages" = "watch";
  /** Since when the server does not know the resource. */
  #missingSince: number | undefined;

  constructor(options: WatchOptions<Kept>) {
    this.#options = options;
    this.#limits = { ...defaultWatchLimits, ...options.limits };
    this.#state = new ResourceState(options.decode, (event) => this.#tell(event));
    this.#backoff = new Backoff(this.#limits.backoff, options.client.clock);
  }

  async run(): Promise<void> {
    const { signal, client } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#listOrWatch();
      } catch (error) {
        const failure = asWatchFailure(error);
        if (signal.aborted) return;
        await sleep(client.clock, this.#recover(failure), signal);
      }
    }
  }

  #listOrWatch(): Promise<void> {
    const { version } = this.#state;
    if (version !== undefined) return this.#watch({ version });
    return this.#listBy === "watch" ? this.#watch("list") : this.#listPages();
  }

  async #listPages(): Promise<void> {
    // The other way is tried before each list, as servers are upgraded.
    this.#listBy = "watch";
    this.#state.beginList();
    const version = await listPages({
      ...this.#request(),
      onItem: (item) => this.#state.takeItem(item),
      onRestart: () => this.#state.beginList(),
    });
    this.#state.endList(version);
    this.#missingSince = undefined;
  }

  async #watch(start: "list" | { readonly version: string }): Promise<void> {
    const { clock } = this.#options.client;
    const { silenceMs, listSilenceMs, shortLifeMs } = this.#limits;
    const startedAt = clock.now();
    if (start === "list") this.#state.beginList();
    await openWatch({
      ...this.#request(),
      start,
      silenceMs: () => (this.#state.isListing ? listSilenceMs : silenceMs),
      onOpen: () => {
        this.#missingSince = undefined;
        // If this list comes to nothing, the next one had better come another way.
        if (start === "list") this.#listBy = "pages";
        else this.#tell({ kind: "heard" });
      },
      onLine: (line) => {
        if (this.#options.signal.aborted) return;
        this.#state.takeLine(line);
        if (!this.#state.isListing) this.#listBy = "watch";
      },
    });
    const livedMs = clock.now() - startedAt;
    if (!this.#state.isListing && livedMs >= shortLifeMs) return;
    const what = this.#state.isListing ? "its list" : "the watch";
    throw new WatchFailure("busy", `the server ended ${what} after ${Math.round(livedMs)} ms`, { next: "resume" });
  }

  /** What lists and watches have in common. */
  #request() {
    const { client, resource, namespace, labelSelector, fieldSelector, signal } = this.#options;
    return {
      client,
      path: pathOf(resource, { namespace }),
      query: { labelSelector, fieldSelector },
      limits: this.#limits,
      signal,
    };
  }

  /** Prepares the next try, tells why, and says how long to wait for it. */
  #recover(failure: WatchFailure): number {
    const wasListing = this.#state.isListing;
    this.#state.dropList();
    if (failure.next === "list") this.#state.forgetVersion();
    // That list was whole.
    if (failure.code === "rewound") this.#listBy = "watch";
    if (wasListing && this.#listBy === "watch" && refusesToListByWatch(failure)) {
      this.#listBy = "pages";
      return 0;
    }
    if (failure.code !== "missing") this.#missingSince = undefined;
    else if (this.#options.whenMissing === "empty" && this.#isSurelyMissing()) return this.#limits.missingRetryMs;
    const retryInMs = Math.max(this.#backoff.next(), Math.min(failure.retryAfterMs, longestRetryAfterMs));
    const { plural } = this.#options.resource;
    this.#tell({ kind: "problem", code: failure.code, message: `${plural}: ${failure.message}`, retryInMs });
    return retryInMs;
  }

  /** A resource that is not there has no objects; where there were some, only once it is clear that it is gone. */
  #isSurelyMissing(): boolean {
    const now = this.#options.client.clock.now();
    const isFirst = this.#missingSince === undefined;
    this.#missingSince ??= now;
    if (this.#state.size === 0) {
      if (isFirst) this.#state.endEmpty();
      return true;
    }
    if (now - this.#missingSince < this.#limits.missingConfirmMs) return false;
    this.#state.endEmpty();
    return true;
  }

  #tell(event: WatchEvent<Kept>): void {
    if (!this.#options.signal.aborted) this.#options.onEvent(event);
  }
}

/** Servers before 1.32 or with old etcds do not take such watches, and say so in several ways. */
function refusesToListByWatch({ code, httpCode }: WatchFailure): boolean {
  return code === "refused" || httpCode === 500;
}
