import { type Pod, isPolicyPod, listDifferences } from "@podwall/engine";

/** What a new state of a cluster did to its pods. */
export interface PodChanges {
  readonly gone: readonly Pod[];
  readonly came: readonly Pod[];
}

/** The pods of a cluster, from one state to the next. */
export class FollowedPods {
  readonly #node: string;
  #all: readonly Pod[] = [];
  #local: readonly Pod[] = [];

  constructor(node: string) {
    this.#node = node;
  }

  /** The pods that this node is to enforce policies for. The same list until one of them is another. */
  get local(): readonly Pod[] {
    return this.#local;
  }

  follow(all: readonly Pod[]): PodChanges {
    const { gone, came } = listDifferences(this.#all, all);
    this.#all = all;
    const isLocal = (pod: Pod): boolean => pod.node === this.#node && isPolicyPod(pod);
    if (gone.some(isLocal) || came.some(isLocal)) this.#local = all.filter(isLocal);
    return { gone, came };
  }
}
