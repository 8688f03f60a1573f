import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { Via } from "../../../evaluate/fast/pod-class.ts";
import type { Endpoint } from "../../../evaluate/connection.ts";
import type { Cluster } from "../../../model/cluster.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { OtherPolicy } from "../../../model/other-object.ts";
import { type Pod, podKey } from "../../../model/pod.ts";
import type { Family } from "../../../net/address.ts";
import type { MissingFact } from "../missing-fact.ts";
import { askedNamespaceKeys } from "../namespace-variation.ts";
import type { PairAnswer } from "../pair-answer.ts";
import { decisive } from "./decisive.ts";
import { type Asks, type GivenEnd, type Way, WayCluster } from "./way-cluster.ts";
import { type SeenState, type Ways, addressesOf, noAddress, waysOf } from "./ways.ts";

/** A pod as each state has it. */
export type PairEnd = readonly (Pod | undefined)[];

/** What may pass between two pods in one way in which things may be: a number for each state. */
type Outcome = readonly number[];

/**
 * What pods may exchange in every way in which things may be that the input does not say: namespaces of which only the name
 * is known, pods without an address, policies of kinds that are not judged. As `missingFactsOfPair` finds it, for many pairs:
 * the fast evaluator is asked, once for each way. What several states do not say is the same in all.
 */
export class PairAnswers {
  /** Of `Outcome`s. */
  readonly pool = new ConnectionPool();
  readonly #ways: Ways;
  readonly #states: readonly WayCluster[];
  readonly #isWhole: boolean;
  readonly #isTooMuch: boolean;
  readonly #patterns = new Map<string, readonly number[]>();

  /** Where trying every way is more than `mostWork`, what may depend on what is not known is simply taken for unknown. */
  constructor(states: readonly SeenState[], { mostWork = reasonableWork } = {}) {
    const clusters = states.map(({ cluster }) => cluster);
    this.#ways = waysOf(states);
    this.#states = states.map((state) => new WayCluster(state, this.#ways, this.pool));
    const { labels, addresses } = this.#ways;
    this.#isWhole =
      labels.length === 1 &&
      addresses.length === 0 &&
      !states.some(({ others }) => others.some(({ role }) => role === "policy"));
    const objects = clusters.reduce((sum, { pods, policies }) => sum + pods.length + policies.length, 0);
    this.#isTooMuch = (objects + leastWork) * waysCount(this.#ways, clusters) > mostWork;
  }

  /** Whether nothing is missing: no answer depends on what is not known. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** What of an end may make a difference; made once for each end, and asked for each pair. */
  profileOf(end: PairEnd): EndProfile {
    const asks = (direction: Direction): Asks => this.#asksOf(end, direction);
    return {
      isOnlyNamed: this.#some(end, (state, pod) => state.isOnlyNamed(pod)),
      hasNoAddress: this.#some(end, (state, pod) => state.hasNoAddress(pod)),
      egress: { ...asks("egress"), others: this.#others(end, "egress").length > 0 },
      ingress: { ...asks("ingress"), others: this.#others(end, "ingress").length > 0 },
    };
  }

  /** Whether one state knows of an end what another does not. */
  isLearnt(end: PairEnd): boolean {
    const texts = this.#states.map((state, index) => {
      const pod = end[index];
      if (pod === undefined) return "";
      const others = (["egress", "ingress"] as const).map((direction) => state.othersOf(pod, direction).map(otherKey));
      return JSON.stringify([state.isOnlyNamed(pod), state.hasNoAddress(pod), others]);
    });
    return new Set(texts).size > 1;
  }

  /** Whether the answer for two ends may depend on what is not known. */
  mayDepend(source: EndProfile, destination: EndProfile): boolean {
    return (
      source.egress.others ||
      destination.ingress.others ||
      asksAbout(source.egress, destination) ||
      asksAbout(destination.ingress, source) ||
      (this.#ways.subjectsAsk && (source.isOnlyNamed || destination.isOnlyNamed))
    );
  }

  /** Whether the answers of a source, or of a destination, may depend on what is not known of others. */
  isAsking({ egress, ingress, isOnlyNamed }: EndProfile, place: "source" | "destination"): boolean {
    const { labels, addresses, others } = place === "source" ? egress : ingress;
    return labels || addresses || others || (this.#ways.subjectsAsk && isOnlyNamed);
  }

  /** A pod of the first state, to be asked about with many others. */
  quickEnd(pod: Pod): QuickEnd {
    const [state] = this.#states;
    if (state === undefined) throw new Error("there is no state");
    return { pod, profile: this.profileOf([pod]), given: state.given(pod) };
  }

  /** Whether a side that asks for nothing that is not known lets nothing pass: quick, and enough for most pairs. */
  isClosed(source: QuickEnd, destination: QuickEnd): boolean {
    if (this.#ways.subjectsAsk) return false;
    return isShut(source, "egress", destination) || isShut(destination, "ingress", source);
  }

  /** The answer for two pods of one state. */
  answer(source: Pod, destination: Pod, via: Via = "first"): PairAnswer {
    const outcomes = this.outcomes([source], [destination], via);
    const range = this.rangeOf(outcomes.map(([number]) => number as number));
    return { ...range, missing: outcomes.length === 1 ? [] : this.missing([source], [destination], via) };
  }

  /** What is in all of these, and what is in some alone. */
  rangeOf(numbers: readonly number[]): Omit<PairAnswer, "missing"> {
    const certain = numbers.reduce((all, number) => this.pool.intersect(all, number), ConnectionPool.all);
    const possible = numbers.reduce((some, number) => this.pool.union(some, number), ConnectionPool.none);
    return { certain: this.pool.get(certain), uncertain: this.pool.get(this.pool.subtract(possible, certain)) };
  }

  /** As `answer`, for a pod and an end that is no pod; that a pod reaches its own node is left out. */
  outsideAnswer(direction: Direction, subject: Pod, peer: Endpoint): PairAnswer {
    const outcomes = this.outsideOutcomes(direction, [subject], peer);
    const range = this.rangeOf(outcomes.map(([number]) => number as number));
    return { ...range, missing: outcomes.length === 1 ? [] : this.missingOutside(direction, [subject]) };
  }

  /** As `outcomes`, for a pod and an end that is no pod. */
  outsideOutcomes(direction: Direction, subject: PairEnd, peer: Endpoint): readonly Outcome[] {
    const labels = this.#subjectLabels(subject);
    const others = this.#others(subject, direction);
    const given = labels.map(
      (place): Outcome =>
        this.#states.map((state, index) => {
          const known = subject[index];
          if (known === undefined) return ConnectionPool.none;
          const { node: _, ...pod } = known;
          const [way, end] = [{ labels: place, address: noAddress }, { kind: "pod", pod } as const];
          return direction === "egress" ? state.connections(way, end, peer) : state.connections(way, peer, end);
        }),
    );
    if (others.length === 0) return this.#distinct(given);
    const isThere = (index: number): boolean => subject[index] !== undefined;
    return this.#distinct(
      given.flatMap((outcome) =>
        this.#overrides(subject, direction).map((override) =>
          this.#overridden(outcome, { subject, direction, isThere }, override),
        ),
      ),
    );
  }

  /** What `outsideOutcomes` may depend on. */
  missingOutside(direction: Direction, subject: PairEnd): readonly MissingFact[] {
    const pod = subject.find((one) => one !== undefined);
    if (pod === undefined) return [];
    const [key, namespace] = [podKey(pod), pod.namespace];
    const keys = this.#askedKeys();
    return [
      ...(this.#subjectLabels(subject).length > 1 ? [{ kind: "namespace-labels", namespace, keys } as const] : []),
      ...[...new Set(this.#others(subject, direction))].map(
        (policy) => ({ kind: "other-policy", policy, pod: key }) as const,
      ),
    ];
  }

  /** The labels of a pod's namespace that may select it for other policies. */
  #subjectLabels(subject: PairEnd): readonly number[] {
    const isOpen = this.#ways.subjectsAsk && this.#some(subject, (state, pod) => state.isOnlyNamed(pod));
    return isOpen ? this.#ways.labels.map((_, place) => place) : [0];
  }

  #askedKeys(): readonly string[] {
    return [...new Set(this.#states.flatMap(({ cluster }) => askedNamespaceKeys(cluster)))].sort();
  }

  /** Every different outcome; one where what is not known makes no difference. Pods are met by the same family. */
  outcomes(source: PairEnd, destination: PairEnd, via: Via = "first"): readonly Outcome[] {
    const pair = this.#pair(source, destination, via);
    if (this.#isTooMuch && isLooseItself(pair)) return this.#anything();
    const found = new Map<string, Outcome>();
    for (const { egress, ingress } of this.#groups(pair)) {
      const sent = this.#distinct(egress.flatMap((way) => this.#sides(pair, "egress", way)));
      const taken = this.#distinct(ingress.flatMap((way) => this.#sides(pair, "ingress", way)));
      for (const one of sent) {
        for (const other of taken) {
          const outcome = one.map((number, state) => this.pool.intersect(number, other[state] as number));
          found.set(outcome.join(), outcome);
        }
      }
    }
    return [...found.values()];
  }

  /** The facts of which some change the outcome. To be asked where there is more than one. */
  missing(source: PairEnd, destination: PairEnd, via: Via = "first"): readonly MissingFact[] {
    const pair = this.#pair(source, destination, via);
    const facts = this.#facts(pair);
    if (this.#isTooMuch && isLooseItself(pair)) return facts.flatMap(({ facts: own }) => own);
    return this.#decisive(pair, facts).flatMap((index) => facts[index]?.facts ?? []);
  }

  /** The places of the facts that change the outcome; worked out once for all pairs that are alike in all ways. */
  #decisive(pair: Pair, facts: readonly OpenFact[]): readonly number[] {
    const find = (): readonly number[] =>
      decisive(
        facts.map(({ choices }) => choices),
        (chosen) => this.#answerAt(pair, facts, chosen),
      );
    if (this.#ways.subjectsAsk) return find();
    const key = this.#patternOf(pair, facts);
    let places = this.#patterns.get(key);
    if (places === undefined) this.#patterns.set(key, (places = find()));
    return places;
  }

  /** One text for pairs with the same outcomes in the same ways. */
  #patternOf(pair: Pair, facts: readonly OpenFact[]): string {
    const all = this.#ways.labels.map((_, place) => place);
    const addresses = this.#ways.addresses.map((_, place) => place);
    const side = (direction: Direction, isNamed: boolean, isNowhere: boolean): string =>
      waysAt(isNamed ? all : [0], isNowhere ? addresses : [noAddress])
        .map((way) => this.#sides(pair, direction, way).join(" "))
        .join();
    const [from, to] = pair.namespaces;
    const [nowhereFrom, nowhereTo] = pair.nowhere;
    return [
      from !== undefined && from === to,
      facts.map(({ of }) => ("side" in of ? `${of.kind} ${of.side}` : of.kind)).join(),
      this.#families(pair).join(),
      side("egress", to !== undefined, nowhereTo),
      side("ingress", from !== undefined, nowhereFrom),
    ].join(" | ");
  }

  #pair(source: PairEnd, destination: PairEnd, via: Via): Pair {
    const namespaceOf = (end: PairEnd): string | undefined =>
      this.#some(end, (state, pod) => state.isOnlyNamed(pod))
        ? end.find((pod) => pod !== undefined)?.namespace
        : undefined;
    const isNowhere = (end: PairEnd): boolean => this.#some(end, (state, pod) => state.hasNoAddress(pod));
    return {
      source,
      destination,
      via,
      namespaces: [namespaceOf(source), namespaceOf(destination)],
      nowhere: [isNowhere(source), isNowhere(destination)],
      others: [this.#others(source, "egress"), this.#others(destination, "ingress")],
    };
  }

  /** The ways of each side; any of one group goes with any of the other side's. */
  *#groups(pair: Pair): Generator<{ readonly egress: readonly Way[]; readonly ingress: readonly Way[] }> {
    const [asksEgress, asksIngress] = [this.#asksOf(pair.source, "egress"), this.#asksOf(pair.destination, "ingress")];
    const [from, to] = pair.namespaces;
    const isJoint = (from !== undefined && from === to) || (this.#ways.subjectsAsk && (from ?? to) !== undefined);
    const all = this.#ways.labels.map((_, place) => place);
    const [, nowhereTo] = pair.nowhere;
    for (const family of this.#families(pair)) {
      const places = (isAsked: boolean): readonly number[] => (isAsked ? addressesOf(this.#ways, family) : [noAddress]);
      const [peers, subjects] = [
        places(nowhereTo && asksEgress.addresses),
        places(pair.nowhere[0] && asksIngress.addresses),
      ];
      if (isJoint) {
        for (const labels of this.#jointLabels(pair))
          yield { egress: waysAt([labels], peers), ingress: waysAt([labels], subjects) };
      } else {
        yield {
          egress: waysAt(to !== undefined && asksEgress.labels ? all : [0], peers),
          ingress: waysAt(from !== undefined && asksIngress.labels ? all : [0], subjects),
        };
      }
    }
  }

  #jointLabels({ namespaces: [from, to] }: Pair): readonly Way["labels"][] {
    const all = this.#ways.labels.map((_, place) => place);
    if (from === undefined || to === undefined || from === to) return all;
    return all.flatMap((one) =>
      all.map(
        (other) =>
          new Map([
            [from, one],
            [to, other],
          ]),
      ),
    );
  }

  /** The families by which two pods may meet; undefined where their own addresses say. */
  #families({ source, destination, via, nowhere: [from, to] }: Pair): readonly (Family | undefined)[] {
    if (!from && !to) return [undefined];
    if (via === 4 || via === 6) return [via];
    const known = [...(from ? [] : source), ...(to ? [] : destination)].find((pod) => pod !== undefined)?.addresses[0];
    if (known !== undefined) return [known.family];
    return [...new Set(this.#ways.addresses.map(({ family }) => family))];
  }

  #asksOf(subject: PairEnd, direction: Direction): Asks {
    // Which rules a pod has may depend on the labels of its namespace.
    if (this.#ways.subjectsAsk) return { labels: true, addresses: true };
    return {
      labels: this.#some(subject, (state, pod) => state.asks(pod, direction).labels),
      addresses: this.#some(subject, (state, pod) => state.asks(pod, direction).addresses),
    };
  }

  /** What one side allows in a way; more than one where policies of other kinds may change it. */
  #sides(pair: Pair, direction: Direction, way: Way): readonly Outcome[] {
    const given = this.#side(pair, direction, way);
    const side = sideOf(pair, direction);
    if (pair.others[direction === "egress" ? 0 : 1].length === 0) return [given];
    return this.#overrides(side.subject, direction).map((override) => this.#overridden(given, side, override));
  }

  /** What policies of other kinds may do to an end: the same in all states, where all have the same ones. */
  #overrides(subject: PairEnd, direction: Direction): readonly Overrides[] {
    const texts = subject.flatMap((pod, index) =>
      pod === undefined ? [] : [this.#othersIn(index, subject, direction).map(otherKey).join()],
    );
    if (new Set(texts).size === 1) return kinds.map((kind) => this.#states.map(() => kind));
    return this.#states.reduce<readonly Overrides[]>(
      (found) => found.flatMap((one) => kinds.map((kind) => [...one, kind])),
      [[]],
    );
  }

  #side({ source, destination, via }: Pair, direction: Direction, way: Way): Outcome {
    return this.#states.map((state, index) => {
      const [from, to] = [source[index], destination[index]];
      if (from === undefined || to === undefined) return ConnectionPool.none;
      return direction === "egress"
        ? state.allowed(way, direction, from, to, via)
        : state.allowed(way, direction, to, from, via);
    });
  }

  /** As it may be where policies of other kinds close or open a side, in the states that have them. */
  #overridden(given: Outcome, { subject, direction, isThere }: Side, overrides: Overrides): Outcome {
    return given.map((number, index) => {
      const override = overrides[index];
      const own = this.#othersIn(index, subject, direction);
      if (override === "closed" && own.length > 0) return ConnectionPool.none;
      const isOpen = override === "open" && isThere(index) && own.some(({ effect }) => effect !== "denies");
      return isOpen ? ConnectionPool.all : number;
    });
  }

  #othersIn(index: number, end: PairEnd, direction: Direction): readonly OtherPolicy[] {
    const pod = end[index];
    return pod === undefined ? [] : (this.#states[index]?.othersOf(pod, direction) ?? []);
  }

  #others(end: PairEnd, direction: Direction): readonly OtherPolicy[] {
    return this.#states.flatMap((_, index) => this.#othersIn(index, end, direction));
  }

  #some(end: PairEnd, holds: (state: WayCluster, pod: Pod) => boolean): boolean {
    return this.#states.some((state, index) => end[index] !== undefined && holds(state, end[index]));
  }

  #distinct(outcomes: readonly Outcome[]): readonly Outcome[] {
    return outcomes.length === 1
      ? outcomes
      : [...new Map(outcomes.map((outcome) => [outcome.join(), outcome])).values()];
  }

  /** All that may be where there are too many ways to try. */
  #anything(): readonly Outcome[] {
    return this.#states.reduce<readonly Outcome[]>(
      (outcomes) =>
        outcomes.flatMap((one) => [
          [...one, ConnectionPool.none],
          [...one, ConnectionPool.all],
        ]),
      [[]],
    );
  }

  /** What is not known of a pair, and how many choices there are for each. */
  #facts(pair: Pair): readonly OpenFact[] {
    const [from, to] = pair.namespaces;
    const facts: OpenFact[] = [];
    for (const namespace of new Set([from, to])) {
      if (namespace === undefined) continue;
      const keys = this.#askedKeys();
      facts.push({
        facts: [{ kind: "namespace-labels", namespace, keys }],
        choices: this.#ways.labels.length,
        of: { kind: "labels", namespace },
      });
    }
    for (const [index, end] of [pair.source, pair.destination].entries()) {
      const pod = end.find((one) => one !== undefined);
      if (pod === undefined || !pair.nowhere[index as 0 | 1]) continue;
      const fact: MissingFact = { kind: "pod-address", pod: podKey(pod) };
      facts.push({
        facts: [fact],
        choices: this.#ways.addresses.length,
        of: { kind: "address", side: index as 0 | 1 },
      });
    }
    for (const [index, end] of [pair.source, pair.destination].entries()) {
      const others = [...new Set(pair.others[index as 0 | 1])];
      const pod = end.find((one) => one !== undefined);
      if (pod === undefined || others.length === 0) continue;
      const own = others.map((policy): MissingFact => ({ kind: "other-policy", policy, pod: podKey(pod) }));
      const choices = this.#overrides(end, index === 0 ? "egress" : "ingress").length;
      facts.push({ facts: own, choices, of: { kind: "others", side: index as 0 | 1 } });
    }
    return facts;
  }

  /** The outcome of one choice for each fact, as text; undefined where these cannot be so together. */
  #answerAt(pair: Pair, facts: readonly OpenFact[], chosen: readonly number[]): string | undefined {
    const labels = new Map<string, number>();
    const addresses: [number, number] = [noAddress, noAddress];
    const override: [Overrides, Overrides] = [[], []];
    for (const [index, { of }] of facts.entries()) {
      const choice = chosen[index] as number;
      if (of.kind === "labels") labels.set(of.namespace, choice);
      else if (of.kind === "address") addresses[of.side] = choice;
      else {
        const [subject, direction] =
          of.side === 0 ? ([pair.source, "egress"] as const) : ([pair.destination, "ingress"] as const);
        override[of.side] = this.#overrides(subject, direction)[choice] ?? [];
      }
    }
    const families = this.#families(pair);
    const used = addresses.map((place) => this.#ways.addresses[place]?.family).filter((family) => family !== undefined);
    if (!families.some((family) => used.every((own) => own === family))) return undefined;
    const [from, to] = pair.namespaces;
    const mixed = this.#ways.subjectsAsk && labels.size > 1;
    const egress = this.#side(pair, "egress", {
      labels: mixed ? labels : placeOf(labels, to ?? from),
      address: addresses[1],
    });
    const ingress = this.#side(pair, "ingress", {
      labels: mixed ? labels : placeOf(labels, from ?? to),
      address: addresses[0],
    });
    const sent = this.#overridden(egress, sideOf(pair, "egress"), override[0]);
    const taken = this.#overridden(ingress, sideOf(pair, "ingress"), override[1]);
    return sent.map((number, state) => this.pool.intersect(number, taken[state] as number)).join();
  }
}

/** What of an end is not known, and what its rules ask about others that may not be known. */
export interface EndProfile {
  readonly isOnlyNamed: boolean;
  readonly hasNoAddress: boolean;
  readonly egress: SideProfile;
  readonly ingress: SideProfile;
}

/** An end that is looked up once, and asked about with many others. */
export interface QuickEnd {
  readonly pod: Pod;
  readonly profile: EndProfile;
  readonly given: GivenEnd;
}

interface SideProfile extends Asks {
  /** Whether policies of other kinds may select it. */
  readonly others: boolean;
}

/** One text for a policy that says the same. */
function otherKey({ apiVersion, kind, namespace = "", name, range }: OtherPolicy): string {
  return `${apiVersion} ${kind} ${namespace}/${name} ${range?.file.text.slice(range.start, range.end) ?? ""}`;
}

function asksAbout(subject: SideProfile, peer: EndProfile): boolean {
  return (subject.labels && peer.isOnlyNamed) || (subject.addresses && peer.hasNoAddress);
}

/** Whether what is known of one side lets nothing pass, and all of it is known; pods are met by their first addresses. */
function isShut(subject: QuickEnd, direction: Direction, peer: QuickEnd): boolean {
  const side = subject.profile[direction];
  if (side.others || asksAbout(side, peer.profile)) return false;
  return subject.given[direction].allowed(peer.given.podClass, "first") === ConnectionPool.none;
}

/** What is asked of two ends, and what of it is not known: of the source, then of the destination. */
interface Pair {
  readonly source: PairEnd;
  readonly destination: PairEnd;
  readonly via: Via;
  /** Those of which only the name is known. */
  readonly namespaces: readonly [string | undefined, string | undefined];
  /** Whether the address is not known. */
  readonly nowhere: readonly [boolean, boolean];
  readonly others: readonly [readonly OtherPolicy[], readonly OtherPolicy[]];
}

/** One side of a pair, and in which states both ends are there. */
interface Side {
  readonly subject: PairEnd;
  readonly direction: Direction;
  readonly isThere: (state: number) => boolean;
}

function sideOf({ source, destination }: Pair, direction: Direction): Side {
  const isThere = (state: number): boolean => source[state] !== undefined && destination[state] !== undefined;
  return { subject: direction === "egress" ? source : destination, direction, isThere };
}

interface OpenFact {
  readonly facts: readonly MissingFact[];
  readonly choices: number;
  readonly of:
    | { readonly kind: "labels"; readonly namespace: string }
    | { readonly kind: "address" | "others"; readonly side: 0 | 1 };
}

/** What policies of other kinds may do to a side. */
type Override = "as-given" | "closed" | "open";
const kinds: readonly Override[] = ["as-given", "closed", "open"];

/** For each state. */
type Overrides = readonly Override[];

function isLooseItself({ namespaces, nowhere }: Pair): boolean {
  return namespaces.some((name) => name !== undefined) || nowhere.includes(true);
}

function waysAt(labels: readonly Way["labels"][], addresses: readonly number[]): readonly Way[] {
  return labels.flatMap((one) => addresses.map((address) => ({ labels: one, address })));
}

function placeOf(labels: ReadonlyMap<string, number>, namespace: string | undefined): number {
  return namespace === undefined ? 0 : (labels.get(namespace) ?? 0);
}

/** Clusters that are made to try every way. */
function waysCount({ labels, addresses, subjectsAsk }: Ways, clusters: readonly Cluster[]): number {
  const names = new Set(
    clusters.flatMap(({ namespaces }) => [...namespaces.values()].filter(({ declared }) => !declared)),
  );
  const mixed = subjectsAsk && labels.length > 1 ? names.size ** 2 * labels.length : 1;
  return labels.length * Math.max(1, addresses.length) * mixed;
}

/** Pods and policies that are judged anew, in all ways together. */
const reasonableWork = 500_000;
/** What each way takes besides, in pods and policies. */
const leastWork = 50;
