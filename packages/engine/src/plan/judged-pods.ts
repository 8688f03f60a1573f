import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { RuleTable } from "../evaluate/fast/rule-table.ts";
import { type Pod, podKey } from "../model/pod.ts";
import type { FollowedChange } from "./followed-cluster.ts";
import type { Judge, Judges } from "./judges.ts";
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
  readonly local: readonly Pod[];
  /** The links of the local pods, in their order. */
  readonly interfaces: readonly (string | undefined)[];
  readonly judged: ReadonlyMap<Pod, JudgedPod>;
}

/** What judges a pod, and what that was found by. */
interface JudgedPod {
  readonly podClass: PodClass | undefined;
  readonly egress: RuleTable | undefined;
  readonly ingress: RuleTable | undefined;
  /** Whether it follows from the tables alone. */
  readonly isOfTables: boolean;
  readonly judges: readonly Judge[];
  readonly local: LocalPod;
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
    const judged = new Map<Pod, JudgedPod>();
    let isSame = last?.judged.size === local.length && selected.refused.size === 0;
    for (let index = 0; index < local.length; index++) {
      const pod = local[index] as Pod;
      const known = last?.judged.get(pod);
      if (selected.refused.size > 0 && selected.refused.has(podKey(pod))) continue;
      const now = isJudgedAsBefore(pod, interfaces[index], known, change.judges)
        ? known
        : judge(pod, links, change.judges);
      isSame &&= now === known && pod === last?.local[index];
      judged.set(pod, now);
      pods.set(now.local.key, now.local);
      for (const one of now.judges) judges.set(one.key, one);
    }
    this.#last = {
      selected,
      local,
      interfaces,
      judges,
      pods: isSame && last !== undefined ? last.pods : pods,
      judged,
    };
    return this.#last;
  }
}

function isJudgedAsBefore(
  pod: Pod,
  interfaceName: string | undefined,
  known: JudgedPod | undefined,
  judges: Judges,
): known is JudgedPod {
  if (known === undefined || !known.isOfTables || known.local.interfaceName !== interfaceName) return false;
  const { podClass } = known;
  if (podClass === undefined || judges.classOf(pod) !== podClass) return false;
  return judges.tableOf(podClass, "egress") === known.egress && judges.tableOf(podClass, "ingress") === known.ingress;
}

function judge(pod: Pod, links: NodeLinks, judges: Judges): JudgedPod {
  const podClass = judges.classOf(pod);
  const used: Judge[] = [];
  const local = localPod(pod, links, judges, (one) => used.push(one));
  const egress = podClass && judges.tableOf(podClass, "egress");
  const ingress = podClass && judges.tableOf(podClass, "ingress");
  const isOfTables = [egress, ingress].every((table) => table !== undefined && !judges.mayDenyByTier(table));
  return { podClass, egress, ingress, isOfTables, judges: used, local };
}
