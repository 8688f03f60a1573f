import type { ConnectionSet } from "../../net/connection-set.ts";
import { type Pod, podKey } from "../../model/pod.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import type { ClassPairs } from "../../evaluate/fast/class-pairs.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { PodClass, Via } from "../../evaluate/fast/pod-class.ts";
import type { EndUnit, PodUnit } from "./end-units.ts";

/** Answers for pairs of units; those of classes of pods without asking about pods. */
export class UnitPairs {
  readonly #evaluator: FastEvaluator;
  readonly #byVia = new Map<Via, ClassPairs>();

  constructor(evaluator: FastEvaluator) {
    this.#evaluator = evaluator;
  }

  /** What may pass, for each of `endpointPairs`. */
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
