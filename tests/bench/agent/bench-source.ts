import type { KubeObject } from "@podwall/kube";
import { KeptKind } from "../../../packages/agent/src/source/kept-kind.ts";
import { snapshotsOf } from "../../../packages/agent/src/source/snapshots-of.ts";
import type { Snapshot, Source, SourceListener, SourceProgress } from "../../../packages/agent/src/source/source.ts";
import { watchedKinds } from "../../../packages/agent/src/source/watched-kinds.ts";

/** An object as an API server stores it. */
export interface RawObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
}

/** What watches tell, without an API server: text comes in, and is read, kept and made a state as the agent does. */
export class BenchSource implements Source {
  readonly #kinds: readonly KeptKind[];
  readonly #snapshot: () => Snapshot | undefined;
  #listener: SourceListener | undefined;
  /** How long the last state took to make. */
  snapshotMs = 0;
  onSnapshot = (): void => undefined;

  constructor(node: string) {
    this.#kinds = watchedKinds.map((watched) => new KeptKind(watched, node));
    this.#snapshot = snapshotsOf(this.#kinds);
  }

  /** Takes in the text of an object; its key is that of the one that is gone where there is no text. */
  take(kindName: string, key: string, text: string | undefined): void {
    const kind = this.#kinds.find(({ watched }) => watched.kind === kindName);
    if (kind === undefined) throw new Error(`${kindName} is not followed`);
    const raw = text === undefined ? undefined : (JSON.parse(text) as KubeObject);
    const { changed } = kind.take(
      raw === undefined ? { kind: "removed", key } : { kind: "changed", key, object: kind.decode(raw) },
    );
    if (changed) this.#listener?.onChange();
  }

  /** All that there is was taken in. */
  synced(): void {
    for (const kind of this.#kinds) kind.take({ kind: "synced", objects: kind.progress.objects });
    this.#listener?.onChange();
  }

  follow(listener: SourceListener, signal: AbortSignal): Promise<void> {
    this.#listener = listener;
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  }

  snapshot(): Snapshot | undefined {
    const began = performance.now();
    const snapshot = this.#snapshot();
    this.snapshotMs = performance.now() - began;
    this.onSnapshot();
    return snapshot;
  }

  progress(): ReadonlyMap<string, SourceProgress> {
    return new Map(this.#kinds.map(({ watched, progress }) => [watched.resource.plural, progress]));
  }
}

/** `namespace/name`, or the name of what is in no namespace. */
export function keyOf({ metadata: { namespace, name } }: RawObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
