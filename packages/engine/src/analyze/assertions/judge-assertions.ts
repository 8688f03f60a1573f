import type { Cluster } from "../../model/cluster.ts";
import { isPolicyPod } from "../../model/pod.ts";
import {
  type ConnectionSet,
  allConnections,
  intersect,
  isEmpty,
  noConnections,
  subtract,
  union,
} from "../../net/connection-set.ts";
import { portSetHas } from "../../net/port-set.ts";
import { protocols } from "../../net/protocol.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import type { MissingFact } from "../../explain/unknown/missing-fact.ts";
import type { PairAnswer } from "../../explain/unknown/pair-answer.ts";
import type { OtherObject } from "../../model/other-object.ts";
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { Assertion } from "./assertion.ts";
import type { AssertionResult, CounterExample, Unclear } from "./assertion-result.ts";
import { type EndUnit, EndUnits, dependsOnNode } from "./end-units.ts";
import { UnitPairs, endpointPairs, pairCount } from "./unit-pairs.ts";

/**
 * Judges assertions of a cluster, of every pair that they are about and of every port. `others` are objects that answers are
 * not made of, and that may change them.
 */
export function judgeAssertions(
  cluster: Cluster,
  assertions: readonly Assertion[],
  others: readonly OtherObject[] = [],
): readonly AssertionResult[] {
  const evaluator = new FastEvaluator(cluster);
  const units = new EndUnits(cluster, evaluator);
  const pairs = new UnitPairs({ cluster, others }, evaluator);
  return assertions.map((assertion) => judge(pairs, units, assertion));
}

function judge(unitPairs: UnitPairs, units: EndUnits, assertion: Assertion): AssertionResult {
  const ends = [...assertion.from, ...assertion.to];
  const unsureEnds = ends.map((end) => ({ end, namespaces: units.unsureNamespaces(end) }));
  const emptyEnds = unsureEnds
    .filter(({ end, namespaces }) => namespaces.size === 0 && units.isEmpty(end))
    .map(({ end }) => end);
  const tally = new Tally(unitPairs, assertion);
  const destinations = units.of(assertion.to);
  for (const from of units.of(assertion.from)) {
    for (const to of destinations) {
      if (!dependsOnNode(from, to)) tally.add(from, to);
      else for (const one of units.byNode(from)) for (const other of units.byNode(to)) tally.add(one, other);
    }
  }
  const { pairs, failing, unknown, counterExample } = tally;
  // Whether such an end is anybody is not known: about nobody, an assertion would be no success.
  const nobodyYet = unsureEnds.filter(({ end, namespaces }) => namespaces.size > 0 && units.isEmpty(end));
  const unclear = tally.unclear ?? (nobodyYet.length > 0 ? { missing: nobodyYet.flatMap(namespaceFacts) } : undefined);
  const isEmptyForSure = emptyEnds.length > 0 || (pairs === 0 && unclear === undefined);
  const outcome = isEmptyForSure ? "empty" : failing > 0 ? "failed" : unclear !== undefined ? "unknown" : "passed";
  return {
    assertion,
    outcome,
    pairs,
    failing,
    unknown,
    emptyEnds,
    ...(counterExample && { counterExample }),
    ...(unclear && { unclear }),
  };
}

function namespaceFacts({
  namespaces,
}: {
  readonly namespaces: ReadonlyMap<string, readonly string[]>;
}): MissingFact[] {
  return Array.from(namespaces, ([namespace, keys]) => namespaceFact(namespace, keys));
}

function namespaceFact(namespace: string, keys: readonly string[]): MissingFact {
  return { kind: "namespace-labels", namespace, keys, askedBy: "an assertion" };
}

/** Counts the pairs of an assertion, and keeps the first that is not as asserted, and the first of which that is not known. */
class Tally {
  pairs = 0;
  failing = 0;
  unknown = 0;
  counterExample: CounterExample | undefined;
  unclear: Unclear | undefined;
  readonly #unitPairs: UnitPairs;
  readonly #assertion: Assertion;
  readonly #wrong = new Map<ConnectionSet, ConnectionSet>();

  constructor(unitPairs: UnitPairs, assertion: Assertion) {
    this.#unitPairs = unitPairs;
    this.#assertion = assertion;
  }

  add(from: EndUnit, to: EndUnit): void {
    const count = pairCount(from, to);
    if (count === 0) return;
    const loose = this.#unitPairs.looseAnswers(from, to);
    const isSure = !isUnsure(from) && !isUnsure(to);
    if (isSure && loose === undefined)
      this.#addKnown(from, to, { count, found: this.#unitPairs.connections(from, to) });
    else if (isSure && loose?.every(isCertain) === true) {
      this.#addKnown(from, to, { count, found: loose.map(({ certain }) => certain) });
    } else {
      this.#addLoose(from, to, { count, isSure, answers: loose ?? this.#known(from, to) });
    }
  }

  #addKnown(
    from: EndUnit,
    to: EndUnit,
    { count, found }: { readonly count: number; readonly found: readonly ConnectionSet[] },
  ): void {
    if (found.length === 0) return;
    this.pairs += count;
    for (let index = 0; index < found.length; index++) {
      const left = this.#wrongOf(found[index] as ConnectionSet);
      if (isEmpty(left)) continue;
      this.failing += count;
      this.counterExample ??= exampleAt(from, to, index, left);
      return;
    }
  }

  #known(from: EndUnit, to: EndUnit): readonly PairAnswer[] {
    return this.#unitPairs.connections(from, to).map((certain) => ({ certain, uncertain: noConnections, missing: [] }));
  }

  #addLoose(
    from: EndUnit,
    to: EndUnit,
    {
      count,
      isSure,
      answers,
    }: { readonly count: number; readonly isSure: boolean; readonly answers: readonly PairAnswer[] },
  ): void {
    if (answers.length === 0) return;
    if (isSure) this.pairs += count;
    let unclear: { readonly index: number; readonly maybe: ConnectionSet } | undefined;
    for (const [index, answer] of answers.entries()) {
      const { certain, uncertain } = answer;
      const least = this.#wrongOf(certain);
      const most = isCertain(answer) ? least : wrongOf(this.#assertion, union(certain, uncertain));
      const sure = most === least ? least : intersect(least, most);
      if (isSure && !isEmpty(sure)) {
        this.failing += count;
        this.counterExample ??= exampleAt(from, to, index, sure);
        return;
      }
      const maybe = most === least ? least : union(least, most);
      if (!isEmpty(maybe)) unclear ??= { index, maybe };
    }
    if (unclear === undefined) return;
    this.unknown += count;
    if (this.unclear !== undefined) return;
    const { index, maybe } = unclear;
    const missing = [...[from, to].flatMap(unsureFacts), ...(answers[index]?.missing ?? [])];
    const example = exampleAt(from, to, index, maybe);
    this.unclear = { missing, ...(example && { example }) };
  }

  #wrongOf(set: ConnectionSet): ConnectionSet {
    let left = this.#wrong.get(set);
    if (left === undefined) this.#wrong.set(set, (left = wrongOf(this.#assertion, set)));
    return left;
  }
}

function isUnsure(unit: EndUnit): boolean {
  return unit.kind === "pods" && unit.unsureKeys !== undefined;
}

function unsureFacts(unit: EndUnit): readonly MissingFact[] {
  return unit.kind === "pods" && unit.unsureKeys !== undefined
    ? [namespaceFact(unit.pods[0].namespace, unit.unsureKeys)]
    : [];
}

function isCertain({ uncertain }: PairAnswer): boolean {
  return isEmpty(uncertain);
}

function exampleAt(from: EndUnit, to: EndUnit, index: number, wrong: ConnectionSet): CounterExample | undefined {
  const ends = endpointPairs(from, to)[index];
  return ends && counterExampleOf(ends, wrong);
}

function counterExampleOf([source, destination]: readonly [Endpoint, Endpoint], wrong: ConnectionSet): CounterExample {
  return { source, destination, wrong, ...portOf({ source, destination, wrong }) };
}

/** What is not as asserted of a pair that may exchange this. */
function wrongOf({ effect, ports }: Assertion, connections: ConnectionSet): ConnectionSet {
  if (ports === "any") return isEmpty(connections) ? allConnections : noConnections;
  return effect === "allow" ? subtract(ports, connections) : intersect(ports, connections);
}

const wellKnown = [443, 80].map((port) => ({ protocol: "TCP" as const, port }));

/** A port to explain: one that the destination declares, else one that people know, else the first. */
function portOf({ destination, wrong }: Omit<CounterExample, "at">): Pick<CounterExample, "at"> {
  const declared = destination.kind === "pod" && isPolicyPod(destination.pod) ? destination.pod.ports : [];
  const likely = [...declared, ...wellKnown].find(({ protocol, port }) => portSetHas(wrong[protocol], port));
  if (likely !== undefined) return { at: { protocol: likely.protocol, port: likely.port } };
  for (const protocol of protocols) {
    const [interval] = wrong[protocol];
    if (interval === undefined || interval.last === 0) continue;
    return { at: { protocol, port: Math.max(1, interval.first) } };
  }
  return {};
}
