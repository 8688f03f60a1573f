import { isDeepStrictEqual } from "node:util";
import { type ApiObject, type ClusterPolicy, type NetworkPolicy, type SharedMap, decodeRaw } from "@podwall/engine";
import type { KubeObject, WatchEvent, WatchProblemCode } from "@podwall/kube";
import { tooMuchTogether, withinBudget } from "../loop/within-budget.ts";
import { partsOf } from "../namespace-parts.ts";
import { ChangingMap } from "./changing-map.ts";
import { NamespaceShares, type Share } from "./namespace-shares.ts";
import { PoliciesOnTheWay } from "./policies-on-the-way.ts";
import { SharedParts } from "./shared-parts.ts";
import type { PolicyMarks, SourceProgress, Trouble } from "./source.ts";
import type { WatchedKind } from "./watched-kinds.ts";

/** What else is to be known of policies and of this node's pods, of which the uid alone. */
type Marks = PolicyMarks;

/** What a watch keeps of an object: less of it where others come before it is taken in that are too much with it. */
export interface Kept {
  object: ApiObject;
  readonly marks: Marks | undefined;
  readonly version: number;
  /** Of a NetworkPolicy. */
  share?: Share;
}

/** The objects of one kind, as its watch tells of them. */
export class KeptKind {
  readonly watched: WatchedKind;
  readonly #node: string;
  readonly #objects = new ChangingMap<ApiObject>();
  /** Of those that have any. */
  readonly #marks = new ChangingMap<Marks>();
  readonly #parts = new SharedParts();
  /** How many objects each namespace has that has any. */
  readonly #inNamespace = new Map<string, number>();
  #namespaces: ReadonlySet<string> | undefined;
  readonly #shares = new NamespaceShares((key, { parts }) => this.#letGo(key, parts));
  readonly #onTheWay = new PoliciesOnTheWay();
  readonly #unreadable = new Set<string>();
  /** What is in the watch's way now. */
  #problem: WatchProblemCode | undefined;
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
    const { namespace, resourceVersion } = raw.metadata;
    // Else it would be known by another key than it is told of.
    if ("namespace" in object && object.namespace !== namespace) throw new Error("it is in no namespace");
    const version = Number(resourceVersion) || 0;
    // Of what is too large only what stands in for it is kept: whoever may write policies must not fill every agent's memory.
    if (object.kind === "NetworkPolicy") return this.#keptPolicy(withinBudget(object), { raw, version });
    const bounded = isClusterPolicy(object) ? withinBudget(object) : object;
    return { object: this.#parts.share(bounded), marks: this.#marksOf(object, raw), version };
  };

  #keptPolicy(whole: NetworkPolicy, { raw, version }: { readonly raw: KubeObject; readonly version: number }): Kept {
    // How it is written is for those who write it.
    const { written: _, ...object } = whole;
    const { namespace } = object;
    const share: Share = { namespace, parts: partsOf(object), version: raw.metadata.resourceVersion, isWhole: true };
    const kept: Kept = { object, marks: this.#marksOf(object, raw), version, share };
    this.#onTheWay.add(`${namespace}/${object.name}`, {
      namespace,
      parts: share.parts,
      letGo: () => {
        kept.object = tooMuchTogether(object, share.parts);
        kept.share = { ...share, isWhole: false };
      },
    });
    return kept;
  }

  get synced(): boolean {
    return this.#synced;
  }

  get progress(): SourceProgress {
    return { synced: this.#synced, objects: this.#objects.size, version: this.#version };
  }

  /** By `namespace/name` or name. The same map until an object is another. */
  get all(): SharedMap<ApiObject> {
    this.#shares.settle();
    return this.#objects.state;
  }

  /** What else is known of objects, by `namespace/name` or name. The same map until something else is. */
  get marks(): SharedMap<Marks> {
    return this.#marks.state;
  }

  /** Policies of which too little is kept now that others are gone: `metadata.resourceVersion` of what is to be read, by key. */
  get wanted(): ReadonlyMap<string, string> {
    return this.#shares.wanted;
  }

  /** The namespaces that objects are in. The same set until another one is. */
  get namespaces(): ReadonlySet<string> {
    return (this.#namespaces ??= new Set(this.#inNamespace.keys()));
  }

  /** Takes in what a watch tells. Says whether that changed something, and what people should know. */
  take(event: WatchEvent<Kept>): { readonly changed: boolean; readonly troubles: readonly Trouble[] } {
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
        this.#onTheWay.clear();
        return { changed, troubles: this.#recovered() };
      }
      case "heard":
        return { changed: false, troubles: this.#recovered() };
      case "problem":
        this.#onTheWay.clear();
        // Versions are given a second time then: those known from before say nothing of how new the next ones are.
        if (event.code === "rewound") this.#version = 0;
        // The same is told once, however often it is met; another one is news.
        if (this.#problem === event.code) return { changed: false, troubles: [] };
        this.#problem = event.code;
        return { changed: false, troubles: [{ about: this.watched.resource.plural, message: event.message }] };
    }
  }

  #put(key: string, { object, marks, version, share }: Kept): boolean {
    this.#version = Math.max(this.#version, version);
    const isMarkedAnew = this.#mark(key, marks);
    const before = this.#objects.get(key);
    // What is as it was stays the same object: that is how it is known to be.
    const isSame = before !== undefined && isDeepStrictEqual(before, object);
    if (!isSame) this.#set(key, object);
    if (share !== undefined) {
      this.#onTheWay.delete(key, share.namespace);
      this.#shares.put(key, share);
    }
    return isMarkedAnew || !isSame;
  }

  #delete(key: string): boolean {
    this.#mark(key, undefined);
    const before = this.#objects.get(key);
    if (before === undefined) return false;
    this.#count(before, -1);
    if (before.kind === "NetworkPolicy") this.#shares.delete(key, before.namespace);
    this.#objects.delete(key);
    return true;
  }

  #set(key: string, object: ApiObject): void {
    const before = this.#objects.get(key);
    if (before === undefined) this.#count(object, 1);
    this.#objects.set(key, object);
  }

  /** Keeps of a policy of so many parts only what stands in for it. */
  #letGo(key: string, parts: number): void {
    const policy = this.#objects.get(key);
    if (policy?.kind !== "NetworkPolicy") return;
    this.#objects.set(key, tooMuchTogether(policy, parts));
  }

  /** Says whether that is something else than before. */
  #mark(key: string, marks: Marks | undefined): boolean {
    if (isDeepStrictEqual(this.#marks.get(key), marks)) return false;
    if (marks === undefined) this.#marks.delete(key);
    else this.#marks.set(key, marks);
    return true;
  }

  /** An object's namespace is part of its key, so it is never another. */
  #count(object: ApiObject, by: 1 | -1): void {
    if (!("namespace" in object) || object.namespace === undefined) return;
    const count = (this.#inNamespace.get(object.namespace) ?? 0) + by;
    if (count === 0) this.#inNamespace.delete(object.namespace);
    else this.#inNamespace.set(object.namespace, count);
    if (count === 0 || count === by) this.#namespaces = undefined;
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
    this.#set(key, { ...object, closedBecause: why } as ApiObject);
    if (object.kind === "NetworkPolicy")
      this.#shares.put(key, { namespace: object.namespace, parts: partsOf(object), version: "", isWhole: true });
    this.#mark(key, undefined);
    return { changed: true, troubles };
  }

  #readable(key: string): readonly Trouble[] {
    if (!this.#unreadable.delete(key)) return [];
    return [{ about: `${this.watched.kind} ${key}`, message: undefined }];
  }

  #recovered(): readonly Trouble[] {
    if (this.#problem === undefined) return [];
    this.#problem = undefined;
    return [{ about: this.watched.resource.plural, message: undefined }];
  }
}

function isClusterPolicy(object: ApiObject): object is ClusterPolicy {
  return object.kind.endsWith("NetworkPolicy") && object.kind !== "NetworkPolicy";
}
