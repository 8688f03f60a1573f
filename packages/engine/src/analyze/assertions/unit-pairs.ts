import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { answerOfPair } from "../../explain/unknown/missing-facts.ts";
import type { PairAnswer } from "../../explain/unknown/pair-answer.ts";
import { oneOfEachSort } from "../../explain/unknown/pairs/one-of-each-sort.ts";
import type { KnownEnd } from "../../explain/unknown/pairs/known-end.ts";
import { PairAnswers } from "../../explain/unknown/pairs/pair-answers.ts";
import type { SeenState } from "../../explain/unknown/pairs/ways.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import { type Pod, isPolicyPod, podKey } from "../../model/pod.ts";
import { compareAddresses } from "../../net/address.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { ClassPairs } from "../../evaluate/fast/class-pairs.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { PodClass, Via } from "../../evaluate/fast/pod-class.ts";
import type { EndUnit, PodUnit } from "./end-units.ts";

/** Answers for pairs of units; those of classes of pods without asking about pods. */
export class UnitPairs {
  readonly #state: SeenState;
  readonly #evaluator: FastEvaluator;
  readonly #loose: PairAnswers;
  readonly #samples = new Map<PodUnit, readonly KnownEnd[]>();
  readonly #ends = new Map<Pod, KnownEnd>();
  readonly #byVia = new Map<Via, ClassPairs>();

  constructor(state: SeenState, evaluator: FastEvaluator) {
    this.#state = state;
    this.#evaluator = evaluator;
    this.#loose = new PairAnswers([{ ...state, evaluator }]);
  }

  /** What may pass, for each of `endpointPairs`; undefined where nothing that is not known has a say in it. */
  looseAnswers(from: EndUnit, to: EndUnit): readonly PairAnswer[] | undefined {
    if (from.kind === "pods" && to.kind === "pods" && from.podClass !== undefined && to.podClass !== undefined) {
      return this.#loose.isWhole ? undefined : this.#looseBetweenClasses(from, to);
    }
    const answers = endpointPairs(from, to).map(([source, destination]) =>
      this.#mayDepend(source, destination)
        ? answerOfPair(this.#state.cluster, this.#state.others, source, destination)
        : undefined,
    );
    return answers.every((answer) => answer !== undefined) ? answers : undefined;
  }

  #looseBetweenClasses(from: PodUnit, to: PodUnit): readonly PairAnswer[] | undefined {
    const [sources, destinations] = [this.#samplesOf(from), this.#samplesOf(to)];
    if (!this.#mayDependBetween(sources, destinations)) return undefined;
    return commonFamilies(from, to).map((via) =>
      this.#loose.answer(sources, destinations, via === "none" ? "first" : via),
    );
  }

  // Loops, as this is asked of every pair of large clusters.
  #mayDependBetween(sources: readonly KnownEnd[], destinations: readonly KnownEnd[]): boolean {
    for (const source of sources)
      for (const destination of destinations) if (this.#loose.mayDepend(source, destination)) return true;
    return false;
  }

  /** Where an end is in a node's network, or is no pod. */
  #mayDepend(source: Endpoint, destination: Endpoint): boolean {
    const hasPlace = (end: Endpoint): boolean => end.kind === "address" || end.pod.node !== undefined;
    const isOfNode = (end: Endpoint): boolean =>
      end.kind === "pod" ? !isPolicyPod(end.pod) : isNodeAddress(this.#state.cluster, end);
    if ((isOfNode(source) || isOfNode(destination)) && !(hasPlace(source) && hasPlace(destination))) return true;
    if (this.#loose.isWhole)
      return [source, destination].some((end) => end.kind === "pod" && end.address === undefined);
    return this.#mayDependOn(source, destination, "egress") || this.#mayDependOn(destination, source, "ingress");
  }

  #mayDependOn(subject: Endpoint, peer: Endpoint, direction: Direction): boolean {
    if (subject.kind === "address") return false;
    if (!isPolicyPod(subject.pod)) return subject.address === undefined;
    const end = this.#endOf(subject.pod);
    const isAmongPods = peer.kind === "pod" && isPolicyPod(peer.pod);
    return this.#loose.mayDependOutside(direction, end) || (isAmongPods && end.onlyNamed !== undefined);
  }

  #endOf(pod: Pod): KnownEnd {
    let end = this.#ends.get(pod);
    if (end === undefined) this.#ends.set(pod, (end = this.#loose.end([pod])));
    return end;
  }

  /** A pod of each sort. */
  #samplesOf(unit: PodUnit): readonly KnownEnd[] {
    const known = this.#samples.get(unit);
    if (known !== undefined) return known;
    const samples = oneOfEachSort(
      unit.pods.map((pod) => this.#endOf(pod)),
      ({ profile }) => profile,
    );
    this.#samples.set(unit, samples);
    return samples;
  }

  /** What may pass, for each of `endpointPairs`, where nothing that is not known has a say. */
  connections(from: EndUnit, to: EndUnit): readonly ConnectionSet[] {
    if (from.kind === "pods" && to.kind === "pods" && from.podClass !== undefined && to.podClass !== undefined) {
      return this.#betweenClasses(from, from.podClass, to, to.podClass);
    }
    return endpointPairs(from, to).map(([source, destination]) => this.#evaluator.connections(source, destination));
  }

  #betweenClasses(from: PodUnit, source: PodClass, to: PodUnit, destination: PodClass): readonly ConnectionSet[] {
    return commonFamilies(from, to).map((via) => {
      const known = this.#byVia.get(via);
      const pairs = known ?? this.#evaluator.classPairs(via);
      if (known === undefined) this.#byVia.set(via, pairs);
      pairs.from(source);
      return this.#evaluator.setOf(pairs.to(destination));
    });
  }
}

function isNodeAddress({ nodes }: Cluster, { address }: Endpoint & { readonly kind: "address" }): boolean {
  return [...nodes.values()].some(({ addresses }) => addresses.some((own) => compareAddresses(own, address) === 0));
}

/** Ordered pairs of different pods; addresses have no policies, so two of them are no pair. */
export function pairCount(from: EndUnit, to: EndUnit): number {
  if (from.kind === "address") return to.kind === "address" ? 0 : to.pods.length;
  if (to.kind === "address") return from.pods.length;
  const all = from.pods.length * to.pods.length;
  if (from.podClass !== undefined && to.podClass !== undefined && from.podClass !== to.podClass) return all;
  const others = new Set(to.pods.map(podKey));
  return all - from.pods.filter((pod) => others.has(podKey(pod))).length;
}

/** Stand-ins for all pairs of two units: two different pods, by each family that both have. */
export function endpointPairs(from: EndUnit, to: EndUnit): readonly (readonly [Endpoint, Endpoint])[] {
  if (from.kind === "address") {
    return to.kind === "address" ? [] : podAt(to, from.address.family).map((end) => [from, end] as const);
  }
  if (to.kind === "address") return podAt(from, to.address.family).map((end) => [end, to] as const);
  const [source, destination] = differentPods(from.pods, to.pods);
  return commonFamilies(from, to).map((via) =>
    via === "none"
      ? [endpointOf(source), endpointOf(destination)]
      : [endpointOf(source, via), endpointOf(destination, via)],
  );
}

/** The families by which pods of two units meet: what is known of one side goes for both. */
function commonFamilies({ families: own }: PodUnit, { families: others }: PodUnit): readonly (4 | 6 | "none")[] {
  if (own.length === 0) return others.length === 0 ? unknown : others;
  return others.length === 0 ? own : own.filter((one) => others.includes(one));
}

const unknown = ["none"] as const;

/** A pod as it meets an address of a family; nothing where it has addresses, but none of that family. */
function podAt({ pods, families }: PodUnit, family: 4 | 6): readonly Endpoint[] {
  return families.length === 0 || families.includes(family) ? [endpointOf(pods[0], family)] : [];
}

function differentPods(from: readonly [Pod, ...Pod[]], to: readonly [Pod, ...Pod[]]): readonly [Pod, Pod] {
  const [source] = from;
  const destination = to.find((pod) => podKey(pod) !== podKey(source));
  if (destination !== undefined) return [source, destination];
  // The only destination is the first source; there is another, or they would be no pair.
  return [from.find((pod) => podKey(pod) !== podKey(to[0])) ?? source, to[0]];
}
