import type { KubeClient } from "../client/kube-client.ts";
import { type Resource, pathOf } from "../client/resource.ts";
import { sleep } from "../clock.ts";
import { Backoff } from "./backoff.ts";
import { listPages } from "./list-pages.ts";
import { openWatch } from "./open-watch.ts";
import type { Decode } from "./read-item.ts";
import { ResourceState } from "./resource-state.ts";
import { type FollowDefinition, MissingResource } from "./missing-resource.ts";
import type { WatchEvent, WatchProblemCode } from "./watch-event.ts";
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
  /** Only `metadata` of each object comes, as of a PartialObjectMetadata (meta.k8s.io/v1). All by default. */
  readonly only?: "metadata";
  /** Where the server may well not know the resource: `empty` takes that for no objects. `retry` by default. */
  readonly whenMissing?: "retry" | "empty";
  /** Where that is `empty`: how to hear of it that the resource is defined. Else it is looked for now and then. */
  readonly definition?: FollowDefinition;
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

/** How to ask for metadata alone; see the API's page on API concepts. */
const metadataOf = {
  list: { accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" },
  watch: { accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1" },
} as const;
/** A server may ask to be left alone for this long at most. */
const longestRetryAfterMs = 300_000;

class ResourceWatch<Kept> {
  readonly #options: WatchOptions<Kept>;
  readonly #limits: WatchLimits;
  readonly #state: ResourceState<Kept>;
  readonly #backoff: Backoff;
  /** How to get the next list: as a watch that begins with all objects, or page by page. */
  #listBy: "watch" | "pages" = "watch";
  /** While the server does not know the resource, where that may be. */
  #missing: MissingResource | undefined;
  #isToldEmpty = false;

  constructor(options: WatchOptions<Kept>) {
    this.#options = options;
    this.#limits = { ...defaultWatchLimits, ...options.limits };
    this.#state = new ResourceState(options.decode, (event) => this.#tell(event));
    this.#backoff = new Backoff(this.#limits.backoff, options.client.clock);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    try {
      while (!signal.aborted) {
        try {
          await this.#listOrWatch();
        } catch (error) {
          const failure = asWatchFailure(error);
          if (signal.aborted) return;
          await this.#recover(failure);
        }
      }
    } finally {
      await this.#endMissing();
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
      ...this.#request("list"),
      onItem: (item) => this.#state.takeItem(item),
      onRestart: () => this.#state.beginList(),
    });
    this.#state.endList(version);
    await this.#endMissing();
  }

  async #watch(start: "list" | { readonly version: string }): Promise<void> {
    const { clock } = this.#options.client;
    const { silenceMs, listSilenceMs, shortLifeMs } = this.#limits;
    const startedAt = clock.now();
    if (start === "list") this.#state.beginList();
    await openWatch({
      ...this.#request("watch"),
      start,
      silenceMs: () => (this.#state.isListing ? listSilenceMs : silenceMs),
      onOpen: () => {
        void this.#endMissing();
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
  #request(by: "list" | "watch") {
    const { client, resource, namespace, labelSelector, fieldSelector, only, signal } = this.#options;
    return {
      client,
      path: pathOf(resource, { namespace }),
      query: { labelSelector, fieldSelector },
      headers: only === undefined ? {} : metadataOf[by],
      limits: this.#limits,
      signal,
    };
  }

  /** Prepares the next try, tells why, and waits for it. */
  async #recover(failure: WatchFailure): Promise<void> {
    const wasListing = this.#state.isListing;
    this.#state.dropList();
    if (failure.next === "list") this.#state.forgetVersion();
    // That list was whole.
    if (failure.code === "rewound") this.#listBy = "watch";
    if (wasListing && this.#listBy === "watch" && refusesToListByWatch(failure)) {
      this.#listBy = "pages";
      return;
    }
    if (failure.code === "missing" && this.#options.whenMissing === "empty") return this.#whileMissing(failure);
    // What it has only just begun to serve it has no storage for yet.
    const isNew = this.#missing !== undefined && failure.code === "busy";
    await this.#endMissing();
    const retryInMs = Math.max(this.#backoff.next(), Math.min(failure.retryAfterMs, longestRetryAfterMs));
    if (!isNew) this.#tellProblem(failure.code, failure.message, retryInMs);
    await sleep(this.#options.client.clock, retryInMs, this.#options.signal);
  }

  /** A resource that is not there has no objects; where there were some, only once it is clear that it is gone. */
  async #whileMissing({ message }: WatchFailure): Promise<void> {
    const { client, signal, definition, resource } = this.#options;
    this.#missing ??= new MissingResource({ clock: client.clock, limits: this.#limits, signal, definition });
    const { isGone, isOdd, isUnserved, retryInMs } = this.#missing.find(this.#state.size);
    if (isGone && !this.#isToldEmpty) {
      this.#isToldEmpty = true;
      this.#state.endEmpty();
    }
    const { plural, group, version } = resource;
    const unserved = `${plural}.${group} is installed, and not served as ${version}, so that its objects cannot be read`;
    if (isOdd) this.#tellProblem("missing", isUnserved ? unserved : message, retryInMs);
    await this.#missing.pause(retryInMs);
  }

  /** The resource is there, or something else is in the way. */
  async #endMissing(): Promise<void> {
    const missing = this.#missing;
    this.#missing = undefined;
    this.#isToldEmpty = false;
    await missing?.end();
  }

  #tellProblem(code: WatchProblemCode, message: string, retryInMs: number): void {
    this.#tell({ kind: "problem", code, message: `${this.#options.resource.plural}: ${message}`, retryInMs });
  }

  #tell(event: WatchEvent<Kept>): void {
    if (!this.#options.signal.aborted) this.#options.onEvent(event);
  }
}

/** Servers before 1.32 or with old etcds do not take such watches, and say so in several ways. */
function refusesToListByWatch({ code, httpCode }: WatchFailure): boolean {
  return code === "refused" || httpCode === 500;
}
