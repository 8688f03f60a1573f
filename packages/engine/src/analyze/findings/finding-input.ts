import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { ApiObject } from "../../model/api-object.ts";
import { clusterFrom, representatives } from "../../model/cluster-from.ts";
import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import type { Monitor } from "../../model/monitor.ts";
import { type LabelSelector, formatSelector, selects } from "../../model/selector.ts";
import type { WebhookConfiguration } from "../../model/webhook-configuration.ts";
import type { PodPredicate } from "../../rules/predicate.ts";
import type { FindingInput } from "./input.ts";
import { podlessKinds } from "./podless-kinds.ts";
import { isStandIn, standIns } from "./stand-in.ts";

/** Makes what findings are judged by, of objects and the kinds of those that were passed over. */
export function findingInput(objects: readonly ApiObject[], ignored: Iterable<string> = []): FindingInput {
  // A workload that is scaled to zero is there all the same: its pods will come.
  const cluster = clusterFrom(objects, { replicas: (workload) => Math.max(1, representatives(workload)) });
  const pods = grouped(cluster.pods.filter(({ completed }) => !completed));
  const policies = cluster.policies.filter(({ closedBecause }) => closedBecause === undefined);
  const policiesIn = grouped(cluster.policies);
  const podsIn = (namespace: string): readonly Pod[] => pods.get(namespace) ?? [];
  const subjectsOf = remembered((policy: NetworkPolicy) =>
    podsIn(policy.namespace).filter((pod) => isPolicyPod(pod) && selects(policy.podSelector, pod.labels)),
  );
  const standInsOf = remembered((namespace: string) => standIns(policiesIn.get(namespace) ?? []));
  const someSubjectsOf = remembered((policy: NetworkPolicy): readonly Pod[] => {
    const known = subjectsOf(policy);
    const onHost = podsIn(policy.namespace).some((pod) => selects(policy.podSelector, pod.labels));
    if (known.length > 0 || onHost) return known;
    const such = standInsOf(policy.namespace).filter(({ labels }) => selects(policy.podSelector, labels));
    return such.slice(0, mostStandIns);
  });
  const isolating = remembered((pod: Pod) => (policiesIn.get(pod.namespace) ?? []).filter(selectsPod(pod)));
  const namespacesOf = new Map<string, readonly string[]>();
  const selected = (selector: LabelSelector): readonly string[] => {
    const text = formatSelector(selector);
    const known = namespacesOf.get(text);
    if (known !== undefined) return known;
    const all = [...cluster.namespaces.values()].filter(({ labels }) => selects(selector, labels));
    const names = all.map(({ name }) => name);
    namespacesOf.set(text, names);
    return names;
  };
  const makers = [...ignored].filter((kind) => !podlessKinds.has(kind));
  let byLabel: ReadonlyMap<string, readonly Pod[]> | undefined;
  let evaluator: FastEvaluator | undefined;
  return {
    cluster,
    webhooks: objects.filter(isWebhooks),
    monitors: objects.filter(isMonitor),
    policies,
    podsIn,
    isComplete: (namespace) =>
      cluster.namespaces.get(namespace)?.declared === true && podsIn(namespace).length > 0 && makers.length === 0,
    makers,
    *podsOf({ namespace, pods: selector }: PodPredicate) {
      const names = typeof namespace === "string" ? [namespace] : selected(namespace);
      for (const name of names) {
        for (const pod of podsIn(name)) if (isPolicyPod(pod) && selects(selector, pod.labels)) yield pod;
      }
    },
    podsWith(key, value) {
      byLabel ??= podsByLabel(cluster.pods);
      return byLabel.get(`${key}=${value}`) ?? [];
    },
    namespacesOf: selected,
    subjectsOf,
    someSubjectsOf,
    isolating: (pod, direction: Direction) => isolating(pod).filter(({ directions }) => directions.includes(direction)),
    evaluator() {
      if (evaluator !== undefined) return evaluator;
      const added = new Set(policies.flatMap(someSubjectsOf).filter(isStandIn));
      evaluator = new FastEvaluator({ ...cluster, pods: [...cluster.pods, ...added] });
      return evaluator;
    },
  };
}

function podsByLabel(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const byLabel = new Map<string, Pod[]>();
  for (const pod of pods.filter(isPolicyPod)) {
    for (const [key, value] of pod.labels) {
      const others = byLabel.get(`${key}=${value}`);
      if (others === undefined) byLabel.set(`${key}=${value}`, [pod]);
      else others.push(pod);
    }
  }
  return byLabel;
}

function isWebhooks(object: ApiObject): object is WebhookConfiguration {
  return object.kind === "ValidatingWebhookConfiguration" || object.kind === "MutatingWebhookConfiguration";
}

function isMonitor(object: ApiObject): object is Monitor {
  return object.kind === "ServiceMonitor" || object.kind === "PodMonitor";
}

function selectsPod(pod: Pod): (policy: NetworkPolicy) => boolean {
  return ({ podSelector }) => isPolicyPod(pod) && selects(podSelector, pod.labels);
}

function grouped<Item extends { readonly namespace: string }>(items: readonly Item[]): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.namespace);
    if (group === undefined) groups.set(item.namespace, [item]);
    else group.push(item);
  }
  return groups;
}

/** So many of what stands for a policy's pods are looked at. */
const mostStandIns = 20;

/** Works out an answer once for each question. */
function remembered<Question, Answer>(work: (question: Question) => Answer): (question: Question) => Answer {
  const answers = new Map<Question, Answer>();
  return (question) => {
    const known = answers.get(question);
    if (known !== undefined) return known;
    const answer = work(question);
    answers.set(question, answer);
    return answer;
  };
}
