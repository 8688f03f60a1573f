import {
  type ApiAccess,
  KubeClient,
  type KubeObject,
  type Query,
  type Resource,
  type WatchEvent,
  type WatchLimits,
  type WatchOptions,
  type WatchProblem,
  pathOf,
  watchResource,
} from "../../../packages/kube/src/index.ts";

export type FollowerOptions = Pick<WatchOptions<string>, "resource" | "namespace" | "labelSelector" | "whenMissing"> & {
  readonly access: ApiAccess;
  readonly limits?: Partial<WatchLimits>;
  readonly timeoutMs?: number;
};

/** A consumer of a watch as simple as can be: holds for each object the version that it was told of. */
export class Follower {
  readonly objects = new Map<string, string>();
  readonly problems: WatchProblem[] = [];
  readonly events: WatchEvent<string>["kind"][] = [];
  /** The queries of the lists and watches so far. */
  readonly asked: Query[] = [];
  /** Events that do not fit those before them: a removal of what was not there, or a version that is no newer. */
  readonly #misfits: string[] = [];
  readonly #options: FollowerOptions;
  readonly #client: KubeClient;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  readonly #checks = new Set<() => void>();

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { access, timeoutMs = 3_000, limits, ...what } = options;
    this.#client = new ListeningClient({ access, timeoutMs }, this.asked);
    this.#ended = watchResource<string>({
      ...what,
      client: this.#client,
      decode: versionOf,
      onEvent: (event) => this.#take(event),
      signal: this.#stop.signal,
      limits: { backoff: { firstMs: 50, longestMs: 500, forgetAfterMs: 5_000 }, ...limits },
    });
  }

  /** Resolves as soon as the condition holds; checked after each event. */
  async until(what: string, condition: () => boolean, timeoutMs = 60_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!condition()) return;
        clearTimeout(late);
        this.#checks.delete(check);
        resolve();
      };
      const late = setTimeout(() => {
        this.#checks.delete(check);
        reject(new Error(`not ${what} after ${timeoutMs} ms; ${this.describe()}`));
      }, timeoutMs);
      this.#checks.add(check);
      check();
    });
  }

  count(kind: WatchEvent<string>["kind"]): number {
    return this.events.filter((event) => event === kind).length;
  }

  problemCodes(): string[] {
    return this.problems.map(({ code }) => code);
  }

  /** Waits until it holds what the server has now, by a list of its own that another client makes. */
  async catchesUpWith(admin: KubeClient): Promise<void> {
    const wanted = await listVersions(admin, this.#options);
    const isEqual = () =>
      wanted.size === this.objects.size && [...wanted].every(([key, version]) => this.objects.get(key) === version);
    await this.until("what the server has", isEqual);
  }

  describe(): string {
    const last = this.problems.slice(-3).map(({ code, message }) => `${code}: ${message}`);
    return `it has ${this.objects.size} objects after ${this.events.length} events; last problems: ${last.join(" | ")}`;
  }

  /** Rejects where an event did not fit those before it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.#client.close();
    if (this.#misfits.length > 0) throw new Error(`events that do not fit: ${this.#misfits.join("; ")}`);
  }

  #take(event: WatchEvent<string>): void {
    this.events.push(event.kind);
    if (event.kind === "problem") this.problems.push(event);
    else if (event.kind === "removed" && !this.objects.delete(event.key)) this.#misfits.push(`removed ${event.key}`);
    else if (event.kind === "unreadable") this.#misfits.push(`unreadable ${event.key}: ${event.why}`);
    else if (event.kind === "changed") {
      const before = this.objects.get(event.key);
      if (before !== undefined && !isNewer(event.object, before)) {
        this.#misfits.push(`${event.key}: ${event.object} after ${before}`);
      }
      this.objects.set(event.key, event.object);
    }
    for (const check of this.#checks) check();
  }
}

class ListeningClient extends KubeClient {
  readonly #asked: Query[];

  constructor(options: ConstructorParameters<typeof KubeClient>[0], asked: Query[]) {
    super(options);
    this.#asked = asked;
  }

  override open(request: Parameters<KubeClient["open"]>[0]): ReturnType<KubeClient["open"]> {
    this.#asked.push(request.query ?? {});
    return super.open(request);
  }
}

function versionOf({ metadata }: KubeObject): string {
  return `${String(metadata["uid"])}@${metadata.resourceVersion}`;
}

/** One history gives an object's versions out, also when an object of that name is made again. */
function isNewer(version: string, than: string): boolean {
  const number = (text: string) => BigInt(text.slice(text.indexOf("@") + 1));
  return number(version) > number(than);
}

async function listVersions(
  admin: KubeClient,
  { resource, namespace, labelSelector }: { resource: Resource; namespace?: string; labelSelector?: string },
): Promise<Map<string, string>> {
  const path = pathOf(resource, { namespace });
  const list = (await admin.call({ path, query: { labelSelector } })) as { readonly items: readonly KubeObject[] };
  return new Map(
    list.items.map((object) => {
      const { namespace: of, name } = object.metadata;
      return [of === undefined ? name : `${of}/${name}`, versionOf(object)];
    }),
  );
}
