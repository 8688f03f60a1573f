import { type Pod, isPolicyPod } from "../model/pod.ts";
import type { Differences } from "./differences.ts";
import { SharedMap, entryChanges } from "./shared-map.ts";

/** The pods of a cluster, from one state to the next. */
export class FollowedPods {
  readonly #node: string;
  #all = SharedMap.empty<Pod>();
  #local: readonly Pod[] = [];
  /** The keys of those, in order. */
  #localKeys: readonly string[] = [];

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
    const local = changes.filter(({ before, after }) => isLocal(before) || isLocal(after));
    if (local.length > 0) {
      const [pods, keys] = [[...this.#local], [...this.#localKeys]];
      for (const { key, before, after } of local) {
        const at = placeOf(key, keys);
        const gone = isLocal(before) ? 1 : 0;
        pods.splice(at, gone, ...(isLocal(after) ? [after] : []));
        keys.splice(at, gone, ...(isLocal(after) ? [key] : []));
      }
      [this.#local, this.#localKeys] = [pods, keys];
    }
    this.#all = all;
    return {
      gone: changes.flatMap(({ before }) => before ?? []),
      came: changes.flatMap(({ after }) => after ?? []),
    };
  }
}

/** Where a key is in keys that are in order, or would be. */
function placeOf(key: string, keys: readonly string[]): number {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((keys[middle] as string) < key) from = middle + 1;
    else to = middle;
  }
  return from;
}
