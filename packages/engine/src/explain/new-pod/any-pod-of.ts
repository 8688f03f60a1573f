import { joinIntervals } from "../../analyze/address-intervals.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import type { Cluster } from "../../model/cluster.ts";
import { type Pod, podKey } from "../../model/pod.ts";
import type { LabelSelector, Labels } from "../../model/selector.ts";
import {
  type ConnectionSet,
  allConnections,
  formatConnections,
  intersect,
  isEmpty,
  isSubset,
  noConnections,
  subtract,
  union,
} from "../../net/connection-set.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import { EndAnswers, type Seen } from "../reach/end-answers.ts";
import { answersByPiece } from "../reach/reached-addresses.ts";
import { distinctFacts } from "../reach/reached.ts";
import { ownerKey } from "../reach/reach-of.ts";
import { labelChoices } from "../unknown/label-choices.ts";
import { type MissingFact, withNames } from "../unknown/missing-fact.ts";
import type { PairAnswer } from "../unknown/pair-answer.ts";
import type { AnyPod, PossibleEnd, PossibleUnknown } from "./any-pod.ts";
import { newPodName, withNewPod } from "./with-new-pod.ts";

/** Labels that are tried at most. */
const mostChoices = 128;

/**
 * What a pod of a namespace could reach and be reached by that is not there yet. Pods with all labels that policies can
 * tell apart are tried, each by itself; two pods that do not exist yet are not asked about each other.
 */
export function anyPodOf({ cluster, ...seen }: Seen, namespace: string): AnyPod {
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
  const answers = new EndAnswers({ ...seen, cluster: grown });
  const ends = (as: "source" | "destination"): readonly PossibleEnd[] => [
    ...possiblePods(cluster, answers, pods, as),
    ...possibleAddresses(answers, pods, as),
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

/** Answers that the pods with each of the labels give, and what they have in common. */
class Possibilities {
  #always: ConnectionSet = allConnections;
  #possible: ConnectionSet = noConnections;
  #most: ConnectionSet = noConnections;
  readonly #seen: { readonly pod: Pod; readonly answer: PairAnswer }[] = [];

  add(pod: Pod, answer: PairAnswer): void {
    this.#always = intersect(this.#always, answer.certain);
    this.#possible = union(this.#possible, answer.certain);
    this.#most = union(this.#most, union(answer.certain, answer.uncertain));
    this.#seen.push({ pod, answer });
  }

  /** Undefined where nothing may pass. */
  get sets(): Omit<PossibleEnd, "end"> | undefined {
    const [always, possible, open] = [this.#always, this.#possible, subtract(this.#most, this.#possible)];
    if (isEmpty(this.#most)) return undefined;
    const example = isSubset(possible, always)
      ? undefined
      : fewestLabels(this.#seen.filter(({ answer }) => !isSubset(answer.certain, always)));
    return {
      always,
      possible,
      ...(example === undefined ? {} : { example }),
      ...(isEmpty(open) ? {} : { unknown: this.#unknown(open) }),
    };
  }

  #unknown(connections: ConnectionSet): PossibleUnknown {
    const unsure = this.#seen.filter(({ answer }) => !isEmpty(intersect(answer.uncertain, connections)));
    const missing = distinctFacts(
      unsure.flatMap(({ pod, answer }) => answer.missing.map((fact) => aboutNewPod(fact, pod))),
    );
    const example = unsure.length === this.#seen.length ? undefined : fewestLabels(unsure);
    return { connections, missing, ...(example === undefined ? {} : { example }) };
  }
}

function fewestLabels(seen: readonly { readonly pod: Pod }[]): Labels | undefined {
  return seen.map(({ pod: { labels } }) => labels).sort((a, b) => a.size - b.size)[0];
}

/** The pods that were tried stand for one. */
function aboutNewPod(fact: MissingFact, pod: Pod): MissingFact {
  const own = podKey(pod);
  return withNames(fact, (name) => (name === own ? `${pod.namespace}/${newPodName}` : name));
}

function possiblePods(
  { pods: others }: Cluster,
  answers: EndAnswers,
  pods: readonly Pod[],
  as: "source" | "destination",
): readonly PossibleEnd[] {
  const found = new Map<string, PossibleEnd>();
  const bySort = new Map<number, { readonly asked: Pod; readonly sets: Omit<PossibleEnd, "end"> | undefined }>();
  for (const other of others) {
    if (other.completed) continue;
    const sort = answers.sortOf(other);
    let known = bySort.get(sort);
    if (known === undefined) {
      const possibilities = new Possibilities();
      for (const pod of pods) {
        const [own, its] = [endpointOf(pod), endpointOf(other)];
        possibilities.add(pod, as === "source" ? answers.between(own, its) : answers.between(its, own));
      }
      bySort.set(sort, (known = { asked: other, sets: possibilities.sets }));
    }
    const { asked, sets } = known;
    add(found, ownerKey(other), ownerKey(other), sets && aboutPod(sets, asked, other));
  }
  return [...found.values()];
}

/** What is said of a pod, of another that nothing tells apart from it. */
function aboutPod({ unknown, ...sets }: Omit<PossibleEnd, "end">, asked: Pod, other: Pod): Omit<PossibleEnd, "end"> {
  if (unknown === undefined) return sets;
  const [before, after] = [podKey(asked), podKey(other)];
  const missing = unknown.missing.map((fact) => withNames(fact, (name) => (name === before ? after : name)));
  return { ...sets, unknown: { ...unknown, missing } };
}

/** Addresses for which the same may pass, always and possibly, are one end. */
function possibleAddresses(
  answers: EndAnswers,
  pods: readonly Pod[],
  as: "source" | "destination",
): readonly PossibleEnd[] {
  const byPod = pods.map((pod) => ({
    pod,
    pieces: answersByPiece(answers, { pod, as, settled: ["unknown-pod", "domain-name"] }),
  }));
  const found = new Map<string, { intervals: AddressInterval[]; sets: Omit<PossibleEnd, "end"> | undefined }>();
  // Pods without addresses are all asked about the same stretches.
  for (const [index, { first, last }] of (byPod[0]?.pieces ?? []).entries()) {
    const possibilities = new Possibilities();
    for (const { pod, pieces } of byPod) possibilities.add(pod, (pieces[index] as { answer: PairAnswer }).answer);
    const { sets } = possibilities;
    const key = sets === undefined ? "nothing" : setsKey(sets);
    const same = found.get(key);
    if (same === undefined) found.set(key, { intervals: [{ first, last }], sets });
    else same.intervals.push({ first, last });
  }
  const ends = new Map<string, PossibleEnd>();
  for (const [key, { intervals, sets }] of found) add(ends, key, joinIntervals(intervals), sets);
  return [...ends.values()];
}

function setsKey({ always, possible, unknown }: Omit<PossibleEnd, "end">): string {
  const open = unknown === undefined ? "" : formatConnections(unknown.connections);
  return `${formatConnections(always)} ${formatConnections(possible)} ${open}`;
}

function add(
  found: Map<string, PossibleEnd>,
  name: string,
  end: PossibleEnd["end"],
  sets: Omit<PossibleEnd, "end"> | undefined,
): void {
  if (sets === undefined) return;
  const key = `${name} ${setsKey(sets)}`;
  const same = found.get(key);
  if (same?.unknown !== undefined && sets.unknown !== undefined) {
    const missing = distinctFacts([...same.unknown.missing, ...sets.unknown.missing]);
    found.set(key, { ...same, unknown: { ...same.unknown, missing } });
  } else if (same === undefined) found.set(key, { end, ...sets });
}
