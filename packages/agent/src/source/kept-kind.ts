import { isDeepStrictEqual } from "node:util";
import { type ApiObject, decodeRaw, podKey } from "@podwall/engine";
import type { KubeObject, WatchEvent } from "@podwall/kube";
import { SharedParts } from "./shared-parts.ts";
import { type SourceProgress, type Trouble, policyKey } from "./source.ts";
import type { WatchedKind } from "./watched-kinds.ts";

/** What a watch keeps of an object. */
export interface Kept {
  readonly object: ApiObject;
  readonly marks: Marks | undefined;
  readonly version: number;
}

/** What else is to be known of policies and of this node's pods. */
interface Marks {
  /** Of a policy. */
  readonly generation?: number;
  /** Tells a pod or policy from an earlier one of its name. */
  readonly uid?: string;
}

/** The objects of one kind, as its watch tells of them. */
export class KeptKind {
  readonly watched: WatchedKind;
  readonly #node: string;
  readonly #objects = new Map<string, ApiObject>();
  /** Of those that have any. */
  readonly #marks = new Map<string, Marks>();
  readonly #parts = new SharedParts();
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
    const version = Number(raw.metadata.resourceVersion) || 0;
    return { object: this.#parts.share(object), marks: this.#marksOf(object, raw), version };
  };

  get synced(): boolean {
    return this.#synced;
  }

  get progress(): SourceProgress {
    return { synced: this.#synced, objects: this.#objects.size, version: this.#version };
  }

  /** The same array until an object is another. */
  get all(): readonly ApiObject[] {
    return (this.#all ??= [...this.#objects.values()]);
  }

  /** The objects of which more is known. */
  *marked(): Iterable<Pick<Kept, "object"> & Marks> {
    for (const [key, marks] of this.#marks) {
      const object = this.#objects.get(key);
      if (object !== undefined) yield { object, ...marks };
    }
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
        return { changed: this.#delete(event.key), troubles: this.#readable(event.key) };
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

  #put(key: string, { object, marks, version }: Kept): boolean {
    this.#version = Math.max(this.#version, version);
    const [before, marksBefore] = [this.#objects.get(key), this.#marks.get(key)];
    if (marks === undefined) this.#marks.delete(key);
    else this.#marks.set(key, marks);
    // What is as it was stays the same object: that is how it is known to be.
    if (before !== undefined && isDeepStrictEqual(before, object)) return !isDeepStrictEqual(marksBefore, marks);
    this.#objects.set(key, object);
    return true;
  }

  #delete(key: string): boolean {
    this.#marks.delete(key);
    return this.#objects.delete(key);
  }

  #marksOf(object: ApiObject, raw: KubeObject): Marks | undefined {
    const { generation, uid } = raw.metadata as Readonly<Record<string, unknown>>;
    if (object.kind === "Pod") return object.node === this.#node && typeof uid === "string" ? { uid } : undefined;
    if (!object.kind.endsWith("Policy")) return undefined;
    return {
      ...(typeof generation === "number" ? { generation } : {}),
      ...(typeof uid === "string" ? { uid } : {}),
    };
  }

  /**
   * An object that cannot be read. A pod is unknown from now on, so that nothing is allowed for it. A policy closes what
   * it may have been about. Of a namespace or node, what was known stays.
   */
  #close(key: string, why: string): { readonly changed: boolean; readonly troubles: readonly Trouble[] } {
    const troubles = [{ about: `${this.watched.kind} ${key}`, message: why }];
    this.#unreadable.add(key);
    const { kind } = this.watched;
    if (kind === "Pod") return { changed: this.#delete(key), troubles };
    if (!kind.endsWith("Policy")) return { changed: false, troubles };
    const [namespace, name] = key.includes("/") ? key.split("/") : [undefined, key];
    const { object } = decodeRaw({ metadata: { namespace, name }, spec: "unreadable" }, this.watched);
    if (object === undefined) throw new Error(`no stand-in can be made for ${kind} ${key}`);
    this.#objects.set(key, { ...object, closedBecause: why } as ApiObject);
    this.#marks.delete(key);
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

/** The uids of this node's pods and of policies among objects. */
export function uidsOf(kinds: readonly KeptKind[]): ReadonlyMap<string, string> {
  const uids = new Map<string, string>();
  for (const kind of kinds) {
    if (!/^Pod$|Policy$/.test(kind.watched.kind)) continue;
    for (const { object, uid } of kind.marked()) {
      if (uid !== undefined) uids.set(object.kind === "Pod" ? podKey(object) : policyKey(object), uid);
    }
  }
  return uids;
}

/** The generations of the policies among objects. */
export function generationsOf(kinds: readonly KeptKind[]): ReadonlyMap<string, number> {
  const generations = new Map<string, number>();
  for (const kind of kinds) {
    if (!kind.watched.kind.endsWith("Policy")) continue;
    for (const { object, generation } of kind.marked()) {
      if (generation !== undefined) generations.set(policyKey(object), generation);
    }
  }
  return generations;
}
