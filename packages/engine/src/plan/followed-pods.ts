import { type Pod, isPolicyPod } from "../model/pod.ts";
import type { Differences } from "./differences.ts";
import { SharedMap, entryChanges } from "./shared-map.ts";

/** The pods of a cluster, from one state to the next. */
export class FollowedPods {
  readonly #node: string;
  #all = SharedMap.empty<Pod>();
  #localByKey: ReadonlyMap<string, Pod> = new Map();
  #local: readonly Pod[] = [];

  constructor(node: string) {
    this.#node = node;
  }

  /** The pods that this node is to enforce policies for, by key. The same list until one of them is another. */
  get local(): readonly Pod[] {
    return this.#local;
  }

  /** What differs from the state before, whichever states there were in between. Before the first there were no pods. */
  follow(all: SharedMap<Pod>): Differences<Pod> {
    const changes = entryChanges(this.#all, all);
    const isLocal = (pod: Pod | undefined): pod is Pod => pod?.node === this.#node && isPolicyPod(pod);
    if (changes.some(({ before, after }) => isLocal(before) || isLocal(after))) {
      const local = new Map(this.#localByKey);
      for (const { key, after } of changes) {
        if (isLocal(after)) local.set(key, after);
        else local.delete(key);
      }
      this.#localByKey = local;
      this.#local = [...local].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pod]) => pod);
    }
    this.#all = all;
    return {
      gone: changes.flatMap(({ before }) => before ?? []),
      came: changes.flatMap(({ after }) => after ?? []),
    };
  }
}
