import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { ApiObject } from "../../model/api-object.ts";
import { clusterFrom, representatives } from "../../model/cluster-from.ts";
import type { NetworkPolicy } from "../../model/network-policy.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import type { Monitor } from "../../model/monitor.ts";
import { type LabelSelector, formatSelector, selects } from "../../model/selector.ts";
import type { WebhookConfiguration } from "../../model/webhook-configuration.ts";
import type { PodPredicate } from "../../rules/predicate.ts";
import { alikePods, likeness } from "./alike.ts";
import { type FindingInput, mostPods } from "./input.ts";
import { isolatingPolicies } from "./isolating-policies.ts";
import { podlessKinds } from "./podless-kinds.ts";
import { remembered } from "./remembered.ts";
import { LabelIndex } from "./selector-index.ts";
import { isStandIn, standIns } from "./stand-in.ts";

/** Makes what findings are judged by, of objects and the kinds of those that were passed over. */
export function findingInput(objects: readonly ApiObject[], ignored: Iterable<string> = []): FindingInput {
  // A workload that is scaled to zero is there all the same: its pods will come.
  const cluster = clusterFrom(objects, { replicas: (workload) => Math.max(1, representatives(workload)) });
  const groups = alikePods(cluster.pods.filter(({ completed }) => !completed));
  const pods = grouped([...groups.values()].flatMap(([first]) => first ?? []));
  const policies = cluster.policies.filter(({ closedBecause }) => closedBecause === undefined);
  const policiesIn = grouped(cluster.policies);
  const podsIn = (namespace: string): readonly Pod[] => pods.get(namespace) ?? [];
  const indexes = remembered((namespace: string) => new LabelIndex(podsIn(namespace)));
  const selectedIn = (namespace: string, selector: LabelSelector): readonly Pod[] =>
    indexes(namespace).select(selector);
  const standInsOf = remembered((namespace: string) => new LabelIndex(standIns(policiesIn.get(namespace) ?? [])));
  const subjectsOf = remembered((policy: NetworkPolicy) =>
    selectedIn(policy.namespace, policy.podSelector).filter(isPolicyPod),
  );
  const someSubjectsOf = remembered((policy: NetworkPolicy): readonly Pod[] => {
    if (selectedIn(policy.namespace, policy.podSelector).length > 0) return subjectsOf(policy);
    return standInsOf(policy.namespace).select(policy.podSelector).slice(0, mostStandIns);
  });
  const isolating = isolatingPolicies(policiesIn);
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
  const chosen = new Map<string, readonly Pod[]>();
  const firstPods = ({ namespace, pods: selector }: PodPredicate): readonly Pod[] => {
    const found: Pod[] = [];
    for (const name of typeof namespace === "string" ? [namespace] : selected(namespace)) {
      found.push(...selectedIn(name, selector).filter(isPolicyPod));
      if (found.length >= mostPods) break;
    }
    return found.slice(0, mostPods);
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
    alike: (pod) => groups.get(likeness(pod)) ?? [pod],
    isComplete: (namespace) =>
      cluster.namespaces.get(namespace)?.declared === true && podsIn(namespace).length > 0 && makers.length === 0,
    makers,
    podsOf(predicate) {
      const known = chosen.get(predicate.key);
      if (known !== undefined) return known;
      const found = firstPods(predicate);
      chosen.set(predicate.key, found);
      return found;
    },
    podsWith(key, value) {
      byLabel ??= podsByLabel(cluster.pods);
      return byLabel.get(`${key}=${value}`) ?? [];
    },
    namespacesOf: selected,
    selectedIn,
    subjectsOf,
    someSubjectsOf,
    isolating: (pod, direction) => isolating(pod)[direction],
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
