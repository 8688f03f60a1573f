import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import type { LabelSelector, Labels } from "../../model/selector.ts";
import {
  type ConnectionSet,
  allConnections,
  formatConnections,
  intersect,
  isEmpty,
  noConnections,
  union,
} from "../../net/connection-set.ts";
import { joinIntervals } from "../../analyze/address-intervals.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import { ownerKey } from "../reach/reach-of.ts";
import { reachByPiece } from "../reach/reached-addresses.ts";
import { labelChoices } from "../unknown/label-choices.ts";
import type { AnyPod, PossibleEnd } from "./any-pod.ts";
import { withNewPod } from "./with-new-pod.ts";

/** Labels that are tried at most. */
const mostChoices = 128;

/**
 * What a pod of a namespace could reach and be reached by that is not there yet. Pods with all labels that policies can
 * tell apart are tried, each by itself; two pods that do not exist yet are not asked about each other.
 */
export function anyPodOf(cluster: Cluster, namespace: string): AnyPod {
  const policies = cluster.policies.filter((policy) => policy.namespace === namespace);
  const selectors = podSelectors(cluster, namespace);
  const choices = labelChoices(selectors, mostChoices).slice(0, mostChoices);
  let grown = cluster;
  const pods = choices.map((choice) => {
    const labels = new Map([...choice].flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
    const { cluster: next, pod } = withNewPod(grown, { namespace, labels }, `new-pod-${grown.pods.length}`);
    grown = next;
    return pod;
  });
  const evaluator = new FastEvaluator(grown);
  const ends = (as: "source" | "destination"): readonly PossibleEnd[] => [
    ...possiblePods(cluster, evaluator, pods, as),
    ...possibleAddresses(grown, evaluator, pods, as),
  ];
  const selectsAll = (selector: LabelSelector): boolean => selector.requirements.length === 0;
  return {
    namespace,
    policies: policies
      .map((policy) => ({ policy, selectsAll: selectsAll(policy.podSelector) }))
      .sort((a, b) => Number(b.selectsAll) - Number(a.selectsAll)),
    source: ends("source"),
    destination: ends("destination"),
    isCut: choicesOf(selectors) > mostChoices,
  };
}

/** Every selector that may be asked of a pod of a namespace: of a policy's subjects there, and of peers anywhere. */
function podSelectors({ policies, clusterPolicies }: Cluster, namespace: string): readonly LabelSelector[] {
  return [
    ...policies.flatMap((policy) => [
      ...(policy.namespace === namespace ? [policy.podSelector] : []),
      ...[...policy.ingress, ...policy.egress]
        .flatMap(({ peers }) => peers)
        .flatMap((peer) => {
          if (peer.kind !== "pods" || peer.podSelector === undefined) return [];
          // Without a namespace selector it is about pods of the policy's own.
          return peer.namespaceSelector !== undefined || policy.namespace === namespace ? [peer.podSelector] : [];
        }),
    ]),
    ...clusterPolicies.flatMap(({ subject, ingress, egress }) => [
      ...(subject.podSelector === undefined ? [] : [subject.podSelector]),
      ...[...ingress, ...egress].flatMap(({ peers }) =>
        peers.flatMap((peer) =>
          peer.kind === "selected-pods" && peer.podSelector !== undefined ? [peer.podSelector] : [],
        ),
      ),
    ]),
  ];
}

function choicesOf(selectors: readonly LabelSelector[]): number {
  const values = new Map<string, Set<string>>();
  for (const { key, values: wanted } of selectors.flatMap(({ requirements }) => requirements)) {
    values.set(key, new Set([...(values.get(key) ?? []), ...wanted]));
  }
  return [...values.values()].reduce((product, { size }) => product * (size + 2), 1);
}

/** Sets that the pods with each of the labels give, and what they have in common. */
class Possibilities {
  always: ConnectionSet = allConnections;
  possible: ConnectionSet = noConnections;
  readonly #seen: { readonly labels: Labels; readonly set: ConnectionSet }[] = [];

  add(labels: Labels, set: ConnectionSet): void {
    this.always = intersect(this.always, set);
    this.possible = union(this.possible, set);
    this.#seen.push({ labels, set });
  }

  /** The fewest labels with which more may pass than always. */
  example(): Labels | undefined {
    const always = formatConnections(this.always);
    const more = this.#seen.filter(({ set }) => formatConnections(set) !== always);
    return more.sort((a, b) => a.labels.size - b.labels.size)[0]?.labels;
  }
}

function possiblePods(
  { pods: others }: Cluster,
  evaluator: FastEvaluator,
  pods: readonly Pod[],
  as: "source" | "destination",
): readonly PossibleEnd[] {
  const found = new Map<string, PossibleEnd>();
  for (const other of others) {
    if (other.completed) continue;
    const possibilities = new Possibilities();
    for (const pod of pods) {
      const [own, its] = [endpointOf(pod), endpointOf(other)];
      const set = as === "source" ? evaluator.connections(own, its) : evaluator.connections(its, own);
      possibilities.add(pod.labels, set);
    }
    add(found, ownerKey(other), possibilities);
  }
  return [...found.values()];
}

/** Addresses for which the same may pass, always and possibly, are one end. */
function possibleAddresses(
  cluster: Cluster,
  evaluator: FastEvaluator,
  pods: readonly Pod[],
  as: "source" | "destination",
): readonly PossibleEnd[] {
  const byPod = pods.map((pod) => ({ labels: pod.labels, pieces: reachByPiece(cluster, evaluator, pod, as) }));
  const found = new Map<string, { intervals: AddressInterval[]; possibilities: Possibilities }>();
  // Pods without addresses are all asked about the same stretches.
  for (const [index, { first, last }] of (byPod[0]?.pieces ?? []).entries()) {
    const possibilities = new Possibilities();
    for (const { labels, pieces } of byPod) possibilities.add(labels, pieces[index]?.connections ?? noConnections);
    const key = `${formatConnections(possibilities.always)} ${formatConnections(possibilities.possible)}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, { intervals: [{ first, last }], possibilities });
    else same.intervals.push({ first, last });
  }
  const ends = new Map<string, PossibleEnd>();
  for (const [key, { intervals, possibilities }] of found) add(ends, key, possibilities, joinIntervals(intervals));
  return [...ends.values()];
}

function add(
  found: Map<string, PossibleEnd>,
  name: string,
  possibilities: Possibilities,
  end: PossibleEnd["end"] = name,
): void {
  const { always, possible } = possibilities;
  if (isEmpty(possible)) return;
  const example = possibilities.example();
  const key = `${name} ${formatConnections(always)} ${formatConnections(possible)}`;
  if (!found.has(key)) found.set(key, { end, always, possible, ...(example === undefined ? {} : { example }) });
}
