import { setMaxListeners } from "node:events";
import { type KubeClient, type WatchEvent, type WatchLimits, followDefinition, watchResource } from "@podwall/kube";
import { type Kept, KeptKind } from "./kept-kind.ts";
import { readWanted } from "./read-wanted.ts";
import { snapshotsOf } from "./snapshots-of.ts";
import type { Snapshot, Source, SourceListener, SourceProgress } from "./source.ts";
import { watchedKinds } from "./watched-kinds.ts";

export interface ApiSourceOptions {
  readonly client: KubeClient;
  /** This node, whose pods are kept more of. */
  readonly node: string;
  readonly limits?: Partial<WatchLimits>;
}

/** A real API server. Of each object only what the engine reads is kept. */
export class ApiSource implements Source {
  readonly #client: KubeClient;
  readonly #limits: Partial<WatchLimits>;
  readonly #kinds: readonly KeptKind[];
  /** All that is known now; undefined before everything was learnt once. */
  readonly snapshot: () => Snapshot | undefined;

  constructor({ client, node, limits = {} }: ApiSourceOptions) {
    this.#client = client;
    this.#limits = limits;
    this.#kinds = watchedKinds.map((watched) => new KeptKind(watched, node));
    this.snapshot = snapshotsOf(this.#kinds);
  }

  async follow(listener: SourceListener, signal: AbortSignal): Promise<void> {
    const failing = new AbortController();
    const all = AbortSignal.any([signal, failing.signal]);
    // Each watch listens to it in several places.
    setMaxListeners(0, all);
    try {
      await Promise.all(this.#kinds.map((kind) => this.#watch(kind, listener, all)));
    } finally {
      failing.abort();
    }
  }

  progress(): ReadonlyMap<string, SourceProgress> {
    return new Map(this.#kinds.map(({ watched, progress }) => [watched.resource.plural, progress]));
  }

  async #watch(kind: KeptKind, listener: SourceListener, signal: AbortSignal): Promise<void> {
    const [client, limits] = [this.#client, this.#limits];
    const { resource, optional } = kind.watched;
    const onEvent = (event: WatchEvent<Kept>): void => {
      const { changed, troubles } = kind.take(event);
      for (const trouble of troubles) listener.onTrouble(trouble);
      if (changed) listener.onChange();
    };
    const watch = watchResource({
      client,
      resource,
      ...(optional ? { whenMissing: "empty", definition: followDefinition({ client, resource, limits }) } : {}),
      limits,
      decode: kind.decode,
      onEvent,
      signal,
    });
    // Policies of the whole cluster are never too much together.
    const isBounded = kind.watched.kind === "NetworkPolicy";
    await Promise.all([watch, ...(isBounded ? [readWanted({ client, kind, onEvent, signal })] : [])]);
  }
}
