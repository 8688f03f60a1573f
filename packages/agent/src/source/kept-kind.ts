import { isDeepStrictEqual } from "node:util";
import { type ApiObject, decodeRaw, podKey } from "@podwall/engine";
import type { KubeObject, WatchEvent } from "@podwall/kube";
import { type SourceProgress, type Trouble, policyKey } from "./source.ts";
import type { WatchedKind } from "./watched-kinds.ts";

/** What a watch keeps of an object. */
export interface Kept {
  readonly object: ApiObject;
  readonly generation: number | undefined;
  readonly version: number;
  /** Kept of this node's pods. */
  readonly uid: string | undefined;
}

/** The objects of one kind, as its watch tells of them. */
export class KeptKind {
  readonly watched: WatchedKind;
  readonly #node: string;
  readonly #objects = new Map<string, Omit<Kept, "version">>();
  #all: readonly ApiObject[] | undefined;
  readonly #unreadable = new Set<string>();
  #inTrouble = false;
  #synced = false;
  #version = 0;

  constructor(watched: WatchedKind, node: string) {
    this.watched = watched;
    this.#node = node;
  }

  /** What to keep of an object; throws where it cannot be used. */
  readonly decode = (raw: KubeObject): Kept => {
    const { object, diagnostics } = decodeRaw(raw, this.watched);
    if (object === undefined) throw new Error(diagnostics[0]?.message ?? "it is not understood");
    const { generation, uid } = raw.metadata as Readonly<Record<string, unknown>>;
    const isLocal = object.kind === "Pod" && object.node === this.#node;
    return {
      object,
      generation: typeof generation === "number" ? generation : undefined,
      version: Number(raw.metadata.resourceVersion) || 0,
      uid: isLocal && typeof uid === "string" ? uid : undefined,
    };
  };

  get synced(): boolean {
    return this.#synced;
  }

  get progress(): SourceProgress {
    return { synced: this.#synced, objects: this.#objects.size, version: this.#version };
  }

  /** The same array until an object is another. */
  get all(): readonly ApiObject[] {
    return (this.#all ??= Array.from(this.#objects.values(), ({ object }) => object));
  }

  objects(): Iterable<Omit<Kept, "version">> {
    return this.#objects.values();
  }

  /** Takes in what a watch tells. Says whether that changed something, and what people should know. */
  take(event: WatchEvent<Kept>): { readonly changed: boolean; readonly troubles: readonly Trouble[] } {
    const taken = this.#take(event);
    if (taken.changed) this.#all = undefined;
    return taken;
  }

  #take(event: WatchEvent<Kept>): { readonly changed: boolean; readonly troubles: readonly Trouble[] } {
    switch (event.kind) {
      case "changed":
        return { changed: this.#put(event.key, event.object), troubles: this.#readable(event.key) };
      case "removed":
        return { changed: this.#objects.delete(event.key), troubles: this.#readable(event.key) };
      case "unreadable":
        return this.#close(event.key, event.why);
      case "synced": {
        const changed = !this.#synced;
        this.#synced = true;
        return { changed, troubles: this.#recovered() };
      }
      case "heard":
        return { changed: false, troubles: this.#recovered() };
      case "problem":
        if (this.#inTrouble) return { changed: false, troubles: [] };
        this.#inTrouble = true;
        return { changed: false, troubles: [{ about: this.watched.resource.plural, message: event.message }] };
    }
  }

  #put(key: string, { object, generation, version, uid }: Kept): boolean {
    this.#version = Math.max(this.#version, version);
    const before = this.#objects.get(key);
    // What is as it was stays the same object: that is how it is known to be.
    const now = before !== undefined && isDeepStrictEqual(before.object, object) ? before.object : object;
    if (now === before?.object && before.generation === generation && before.uid === uid) return false;
    this.#objects.set(key, { object: now, generation, uid });
    return true;
  }

  /**
   * An object that cannot be read. A pod is unknown from now on, so that nothing is allowed for it. A policy closes what
   * it may have been about. Of a namespace or node, what was known stays.
   */
  #close(key: string, why: string): { readonly changed: boolean; readonly troubles: readonly Trouble[] } {
    const troubles = [{ about: `${this.watched.kind} ${key}`, message: why }];
    this.#unreadable.add(key);
    const { kind } = this.watched;
    if (kind === "Pod") return { changed: this.#objects.delete(key), troubles };
    if (!kind.endsWith("Policy")) return { changed: false, troubles };
    const [namespace, name] = key.includes("/") ? key.split("/") : [undefined, key];
    const { object } = decodeRaw({ metadata: { namespace, name }, spec: "unreadable" }, this.watched);
    if (object === undefined) throw new Error(`no stand-in can be made for ${kind} ${key}`);
    this.#objects.set(key, {
      object: { ...object, closedBecause: why } as ApiObject,
      generation: undefined,
      uid: undefined,
    });
    return { changed: true, troubles };
  }

  #readable(key: string): readonly Trouble[] {
    if (!this.#unreadable.delete(key)) return [];
    return [{ about: `${this.watched.kind} ${key}`, message: undefined }];
  }

  #recovered(): readonly Trouble[] {
    if (!this.#inTrouble) return [];
    this.#inTrouble = false;
    return [{ about: this.watched.resource.plural, message: undefined }];
  }
}

/** The uids of this node's pods among objects. */
export function uidsOf(kinds: readonly KeptKind[]): ReadonlyMap<string, string> {
  const uids = new Map<string, string>();
  for (const kind of kinds) {
    if (kind.watched.kind !== "Pod") continue;
    for (const { object, uid } of kind.objects()) {
      if (uid !== undefined && object.kind === "Pod") uids.set(podKey(object), uid);
    }
  }
  return uids;
}

/** The generations of the policies among objects. */
export function generationsOf(kinds: readonly KeptKind[]): ReadonlyMap<string, number> {
  const generations = new Map<string, number>();
  for (const kind of kinds) {
    if (!kind.watched.kind.endsWith("Policy")) continue;
    for (const { object, generation } of kind.objects()) {
      if (generation !== undefined) generations.set(policyKey(object), generation);
    }
  }
  return generations;
}
