import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { RuleTable } from "../evaluate/fast/rule-table.ts";
import { type Pod, podKey } from "../model/pod.ts";
import type { FollowedChange } from "./followed-cluster.ts";
import type { Judge, Judges } from "./judges.ts";
import { type NodeLinks, localPod, sameIfSame } from "./local-pods.ts";
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
  /** Those of `pods`. */
  readonly inOrder: readonly LocalPod[];
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

/** What judges a node's pods in one state after the other; the same objects where nothing changed. */
export class JudgedPods {
  #last: Last | undefined;
  readonly #known = new WeakMap<Pod, JudgedPod>();

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
    const inOrder: LocalPod[] = [];
    let isSame = true;
    for (let index = 0; index < local.length; index++) {
      const pod = local[index] as Pod;
      if (selected.refused.size > 0 && selected.refused.has(podKey(pod))) continue;
      const judged = this.#judge(pod, interfaces[index], change.judges, links);
      isSame &&= judged.local === last?.inOrder[inOrder.length];
      inOrder.push(judged.local);
      for (const one of judged.judges) judges.set(one.key, one);
    }
    const pods =
      isSame && last?.inOrder.length === inOrder.length ? last.pods : new Map(inOrder.map((pod) => [pod.key, pod]));
    this.#last = { selected, interfaces, judges, pods, inOrder };
    return this.#last;
  }

  #judge(pod: Pod, interfaceName: string | undefined, judges: Judges, links: NodeLinks): JudgedPod {
    const known = this.#known.get(pod);
    if (isJudgedAsBefore(pod, interfaceName, known, judges)) return known;
    const judged = judge(pod, links, judges, this.#last?.pods);
    this.#known.set(pod, judged);
    return judged;
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

/** What judges a pod; as the same object as `before` where it is the same. */
function judge(pod: Pod, links: NodeLinks, judges: Judges, before: Judged["pods"] | undefined): JudgedPod {
  const podClass = judges.classOf(pod);
  const used: Judge[] = [];
  const made = localPod(pod, links, judges, (one) => used.push(one));
  const local = sameIfSame(before?.get(made.key), made);
  const egress = podClass && judges.tableOf(podClass, "egress");
  const ingress = podClass && judges.tableOf(podClass, "ingress");
  const isOfTables = [egress, ingress].every((table) => table !== undefined && !judges.mayDenyByTier(table));
  return { podClass, egress, ingress, isOfTables, judges: used, local };
}
