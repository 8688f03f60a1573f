import { type Pod, podKey } from "../model/pod.ts";
import type { FollowedChange } from "./followed-cluster.ts";
import type { Judge } from "./judges.ts";
import { type NodeLinks, localPod } from "./local-pods.ts";
import type { LocalPod } from "./node-plan.ts";
import type { Selected } from "./policy-selection.ts";

/** A node's pods that are not refused, with what judges them. */
export interface Judged {
  /** By key. */
  readonly judges: ReadonlyMap<string, Judge>;
  /** By `namespace/name`. */
  readonly pods: ReadonlyMap<string, LocalPod>;
}

interface Last extends Judged {
  readonly selected: Selected;
  /** The links of the local pods, in their order. */
  readonly interfaces: readonly (string | undefined)[];
}

/** What judges a node's pods in one state after the other; the same object where nothing can have changed it. */
export class JudgedPods {
  #last: Last | undefined;

  follow(local: readonly Pod[], selected: Selected, change: FollowedChange, links: NodeLinks): Judged {
    const interfaces = local.map(links.interfaceOf);
    const last = this.#last;
    // Where the same pods are selected by the same policies, other nodes' pods do not change by which rules they are judged.
    const isAsBefore =
      !change.isAnew &&
      change.isOfPods &&
      last?.selected === selected &&
      interfaces.every((name, index) => name === last.interfaces[index]);
    if (isAsBefore) return last;
    const judges = new Map<string, Judge>();
    const pods = new Map<string, LocalPod>();
    const use = (judge: Judge): unknown => judges.set(judge.key, judge);
    for (const pod of local) {
      const key = podKey(pod);
      if (!selected.refused.has(key)) pods.set(key, localPod(pod, links, change.judges, use));
    }
    this.#last = { selected, interfaces, judges, pods };
    return this.#last;
  }
}
