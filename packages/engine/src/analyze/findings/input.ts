import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import type { Monitor } from "../../model/monitor.ts";
import type { Pod } from "../../model/pod.ts";
import type { LabelSelector } from "../../model/selector.ts";
import type { WebhookConfiguration } from "../../model/webhook-configuration.ts";
import type { PodPredicate } from "../../rules/predicate.ts";

/** So many pods of a selector are looked at. */
export const mostPods = 300;

/** What findings are judged by: the objects of the input, and nothing that is only guessed. */
export interface FindingInput {
  /** What was read. */
  readonly cluster: Cluster;
  readonly webhooks: readonly WebhookConfiguration[];
  readonly monitors: readonly Monitor[];
  /** Policies that can be used; what stands in for those that cannot is no author's. */
  readonly policies: readonly NetworkPolicy[];
  /** Running pods of a namespace, those with hostNetwork too; one for all that are alike. */
  readonly podsIn: (namespace: string) => readonly Pod[];
  /** Running pods that are as a pod is, but for name and addresses; it is one of them. */
  readonly alike: (pod: Pod) => readonly Pod[];
  /**
   * Whether the input has a Namespace object and pods of it, and nothing that may make others, so that what is not there
   * can be taken for missing.
   */
  readonly isComplete: (namespace: string) => boolean;
  /** Kinds of the input whose controllers may make pods, such as Prometheus: which pods there are is not known then. */
  readonly makers: readonly string[];
  /** Running pods that a selector selects, the first `mostPods` of them; hostNetwork pods left out, one for all alike. */
  readonly podsOf: (predicate: PodPredicate) => readonly Pod[];
  /** Running pods, of any namespace, with a label. */
  readonly podsWith: (key: string, value: string) => readonly Pod[];
  /** The running pods of a namespace that a selector selects, those with hostNetwork too; one for all that are alike. */
  readonly selectedIn: (namespace: string, selector: LabelSelector) => readonly Pod[];
  /** The names of the namespaces that a selector selects. */
  readonly namespacesOf: (selector: LabelSelector) => readonly string[];
  /** The pods a policy selects, hostNetwork pods left out. */
  readonly subjectsOf: (policy: NetworkPolicy) => readonly Pod[];
  /** The same; where there are none in the input, one such as the policy is written for. */
  readonly someSubjectsOf: (policy: NetworkPolicy) => readonly Pod[];
  /** The policies that isolate a pod, or what stands for one, for a direction. */
  readonly isolating: (pod: Pod, direction: Direction) => readonly NetworkPolicy[];
  /** Judges the pods of the input, and what stands for those that are not in it. */
  readonly evaluator: () => FastEvaluator;
}
