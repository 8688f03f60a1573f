import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { Outsider } from "../../../evaluate/fast/outsider.ts";
import type { Via } from "../../../evaluate/fast/pod-class.ts";
import type { Endpoint } from "../../../evaluate/connection.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { OtherPolicy } from "../../../model/other-object.ts";
import { podKey } from "../../../model/pod.ts";
import type { Family } from "../../../net/address.ts";
import { noConnections } from "../../../net/connection-set.ts";
import type { MissingFact } from "../missing-fact.ts";
import { askedNamespaceKeys } from "../namespace-variation.ts";
import type { PairAnswer } from "../pair-answer.ts";
import { decisive } from "./decisive.ts";
import { type KnownEnd, type PairEnd, hasOthers, knownEnd, mayOpen, othersOf } from "./known-end.ts";
import { type StateEnd, tableAt } from "./state-end.ts";
import { type Places, onlyFirst, toldApart } from "./places.ts";
import type { Range, TableWays } from "./table-ways.ts";
import { WayCluster } from "./way-cluster.ts";
import { type SeenState, type Ways, noAddress, waysOf } from "./ways.ts";

/** What may pass between two pods in one way in which things may be: a number for each state. */
type Outcome = readonly number[];

/** An end that is no pod, as each state has it. */
export type KnownOutsider = readonly Outsider[];

/**
 * What pods may exchange in every way in which things may be that the input does not say: namespaces of which only the name
 * is known, pods without an address, policies of kinds that are not judged. As `missingFactsOfPair` finds it, for many pairs:
 * the rules that judge a pod say which ways they tell apart, and of whom. What several states do not say is the same in all.
 */
export class PairAnswers {
  /** Of `Outcome`s. */
  readonly pool = new ConnectionPool();
  readonly #ways: Ways;
  readonly #states: readonly WayCluster[];
  readonly #isWhole: boolean;
  readonly #mostWork: number;
  #tooMuch: boolean | undefined;
  readonly #patterns = new Map<string, readonly number[]>();
  #keys: readonly string[] | undefined;
  readonly #addressFamilies: readonly Family[];

  /** Where trying every way is more than `mostWork`, what may depend on what is not known is simply taken for unknown. */
  constructor(states: readonly SeenState[], { mostWork = reasonableWork } = {}) {
    this.#ways = waysOf(states);
    this.#states = states.map((state) => new WayCluster(state, this.#ways, this.pool));
    const { labels, addresses } = this.#ways;
    this.#isWhole =
      labels.length === 1 &&
      addresses.length === 0 &&
      !states.some(({ others }) => others.some(({ role }) => role === "policy"));
    this.#mostWork = mostWork;
    this.#addressFamilies = [...new Set(addresses.map(({ family }) => family))];
  }

  /** Whether nothing is missing: no answer depends on what is not known. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Looks a pod up, which must be in some state. */
  end(pods: PairEnd): KnownEnd {
    const states = this.#states.map((state, index) => {
      const pod = pods[index];
      return pod === undefined ? undefined : state.endOf(pod);
    });
    return knownEnd(states, this.#ways.subjectsAsk);
  }

  /** Looks up an end that is no pod. */
  outsider(peer: Endpoint): KnownOutsider {
    return this.#states.map((state) => state.outsiderOf(peer));
  }

  /** Whether one state knows of an end what another does not. */
  isLearnt({ states }: KnownEnd): boolean {
    const texts = states.map((state) => {
      if (state === undefined) return "";
      const others = (["egress", "ingress"] as const).map((direction) => state.others[direction].map(otherKey));
      return JSON.stringify([state.isOnlyNamed, state.hasNoAddress, others]);
    });
    return new Set(texts).size > 1;
  }

  /** Whether the answer for two ends may depend on what is not known: quick, and enough for most pairs. */
  mayDepend({ profile: source }: KnownEnd, { profile: destination }: KnownEnd): boolean {
    const { egress } = source;
    const { ingress } = destination;
    return (
      egress.others !== "nothing" ||
      ingress.others !== "nothing" ||
      (egress.labels && destination.isOnlyNamed) ||
      (egress.addresses && destination.hasNoAddress) ||
      (ingress.labels && source.isOnlyNamed) ||
      (ingress.addresses && source.hasNoAddress) ||
      (this.#ways.subjectsAsk && (source.isOnlyNamed || destination.isOnlyNamed))
    );
  }

  /** Whether the answers of a source, or of a destination, may depend on what is not known of others. */
  isAsking({ profile: { egress, ingress, isOnlyNamed } }: KnownEnd, place: "source" | "destination"): boolean {
    const { labels, addresses, others } = place === "source" ? egress : ingress;
    return labels || addresses || others !== "nothing" || (this.#ways.subjectsAsk && isOnlyNamed);
  }

  /** Whether what a pod may exchange with ends that are no pods may depend on what is not known. */
  mayDependOutside(direction: Direction, end: KnownEnd): boolean {
    return hasOthers(end, direction) || (this.#ways.subjectsAsk && end.onlyNamed !== undefined);
  }

  /** The number of what may pass as a state is given. */
  given(source: KnownEnd, destination: KnownEnd, state = 0): number {
    const [from, to] = [source.states[state], destination.states[state]];
    if (from === undefined || to === undefined) return ConnectionPool.none;
    const sent = tableAt(from, "egress", 0).given(to.podClass, "first");
    if (sent === ConnectionPool.none) return sent;
    return this.pool.intersect(sent, tableAt(to, "ingress", 0).given(from.podClass, "first"));
  }

  /**
   * What may pass in every way, and in some. Of one state alone it is exact: where both are the same, that is the answer, and
   * else it is not known. Of each of several, it is this at least and that at most. Pods are met by the same family.
   */
  range(source: KnownEnd, destination: KnownEnd, via: Via = "first", state = 0): Range {
    const [from, to] = [source.states[state], destination.states[state]];
    if (from === undefined || to === undefined) return nothing;
    if (this.#isTooMuch && isLooseItself(source, destination)) {
      return this.#isShut(source, destination, via, state) ? nothing : anything;
    }
    if (opens(from, "egress") && opens(to, "ingress")) return anything;
    // Most pairs are closed by a side to which it makes no difference what is not known.
    const known = [settledSide("egress", from, to, via), settledSide("ingress", to, from, via)] as const;
    if (known.includes(ConnectionPool.none)) return nothing;
    const [own, others] = known;
    if (own !== undefined && others !== undefined) return rangeOfOne(this.pool.intersect(own, others));
    let range: Range | undefined;
    for (const family of this.#families(source, destination, via)) {
      const sent = this.#sideRange("egress", from, to, { family, via });
      const taken = this.#sideRange("ingress", to, from, { family, via });
      const bound = this.#together(sent, taken);
      const isExact = isSettled(bound) || this.#areFree(source, destination, isSettled(sent) || isSettled(taken));
      const both = isExact ? bound : this.#jointRange(source, destination, { family, via, state });
      range = range === undefined ? both : this.#both(range, both);
    }
    return range ?? nothing;
  }

  /** The answer for all pairs of a source and a destination, of one state: what passes between all, and what between some. */
  answer(sources: readonly KnownEnd[], destinations: readonly KnownEnd[], via: Via = "first"): PairAnswer {
    let range: Range | undefined;
    for (const source of sources) {
      for (const destination of destinations) {
        const own = this.range(source, destination, via);
        range = range === undefined ? own : this.#both(range, own);
      }
    }
    if (range === undefined || range.most === ConnectionPool.none) return closed;
    return this.#answerOf(range, () => this.#missingOfAll(sources, destinations, via));
  }

  /** What is in all of these, and what is in some. */
  rangeOf(numbers: readonly number[]): Range {
    return numbers.map(rangeOfOne).reduce((a, b) => this.#both(a, b));
  }

  /** As `answer`, for pods and an end that is no pod; that a pod reaches its own node is left out. */
  outsideAnswer(direction: Direction, subjects: readonly KnownEnd[], peer: KnownOutsider): PairAnswer {
    const rangeOf = (subject: KnownEnd): Range =>
      this.rangeOf(this.outsideOutcomes(direction, subject, peer).map(([number]) => number as number));
    const range = subjects.map(rangeOf).reduce((a, b) => this.#both(a, b));
    return this.#answerOf(range, () =>
      subjects.flatMap((subject) => (isSettled(rangeOf(subject)) ? [] : this.missingOutside(direction, subject))),
    );
  }

  /** As `outcomes`, for a pod and an end that is no pod. */
  outsideOutcomes(direction: Direction, subject: KnownEnd, peer: KnownOutsider): readonly Outcome[] {
    const given = this.#ownLabels(subject).map(
      (own): Outcome =>
        this.#states.map((state, index) => {
          const end = subject.states[index];
          if (end === undefined) return ConnectionPool.none;
          return state.outside(direction, end, own, peer[index] as Outsider);
        }),
    );
    if (!hasOthers(subject, direction)) return distinct(given);
    const isThere = (index: number): boolean => subject.states[index] !== undefined;
    return distinct(
      given.flatMap((outcome) =>
        this.#overrides(subject, direction).map((override) =>
          overridden(outcome, { subject, direction, isThere }, override),
        ),
      ),
    );
  }

  /** What `outsideOutcomes` may depend on. */
  missingOutside(direction: Direction, subject: KnownEnd): readonly MissingFact[] {
    const { pod } = subject;
    const { namespace } = pod;
    const isOpen = this.#ownLabels(subject).length > 1;
    return [
      ...(isOpen ? [{ kind: "namespace-labels", namespace, keys: this.#askedKeys } as const] : []),
      ...otherFacts(subject, direction),
    ];
  }

  /** Every different outcome; one where what is not known makes no difference. Pods are met by the same family. */
  outcomes(source: KnownEnd, destination: KnownEnd, via: Via = "first"): readonly Outcome[] {
    if (this.#isTooMuch && isLooseItself(source, destination)) {
      const isShut = this.#states.every((_, state) => this.#isShut(source, destination, via, state));
      return isShut ? [this.#states.map(() => ConnectionPool.none)] : this.#anything();
    }
    const ranges = this.#states.map((_, state) => this.range(source, destination, via, state));
    if (ranges.every(isSettled)) return [ranges.map(({ least }) => least)];
    const pair = { source, destination, via };
    const found = new Map<string, Outcome>();
    for (const { egress, ingress } of this.#groups(pair)) {
      const sent = distinct(egress.flatMap((way) => this.#sides(pair, "egress", way)));
      const taken = distinct(ingress.flatMap((way) => this.#sides(pair, "ingress", way)));
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
  missing(source: KnownEnd, destination: KnownEnd, via: Via = "first"): readonly MissingFact[] {
    const facts = this.#facts(source, destination);
    if (this.#isTooMuch && isLooseItself(source, destination)) return facts.flatMap(({ facts: own }) => own);
    return this.#decisive({ source, destination, via }, facts).flatMap((index) => facts[index]?.facts ?? []);
  }

  get #isTooMuch(): boolean {
    this.#tooMuch ??=
      this.#ways.labels.length + this.#ways.addresses.length > 1 &&
      this.#states.reduce((sum, { work }) => sum + work, 0) > this.#mostWork;
    return this.#tooMuch;
  }

  /** The keys of labels that policies ask for; in order. */
  get #askedKeys(): readonly string[] {
    this.#keys ??= [...new Set(this.#states.flatMap(({ cluster }) => askedNamespaceKeys(cluster)))].sort();
    return this.#keys;
  }

  /** Whether a side that asks for nothing that is not known lets nothing pass. */
  #isShut(source: KnownEnd, destination: KnownEnd, via: Via, state: number): boolean {
    const [from, to] = [source.states[state], destination.states[state]];
    if (from === undefined || to === undefined) return true;
    if (this.#ways.subjectsAsk) return false;
    const isShut = (direction: Direction, subject: StateEnd, peer: StateEnd): boolean => {
      const table = tableAt(subject, direction, 0);
      const { labels, addresses } = table.asks;
      if ((labels && peer.isOnlyNamed) || (addresses && peer.hasNoAddress)) return false;
      return subject.others[direction].length === 0 && table.given(peer.podClass, via) === ConnectionPool.none;
    };
    return isShut("egress", from, to) || isShut("ingress", to, from);
  }

  /** Whether any way of one side goes with any of the other's; or does not matter, where one side is settled. */
  #areFree(source: KnownEnd, destination: KnownEnd, isOneSettled: boolean): boolean {
    const { subjectsAsk } = this.#ways;
    // What a side lets pass in some way may need one namespace to be in two.
    if (isOfOneNamespace(source, destination)) return !subjectsAsk && isOneSettled;
    return !subjectsAsk || isOneSettled;
  }

  /** What both sides let pass where the labels of one namespace have a say in both. */
  #jointRange(
    source: KnownEnd,
    destination: KnownEnd,
    { family, via, state }: { readonly family: Family | undefined; readonly via: Via; readonly state: number },
  ): Range {
    const [from, to] = [source.states[state] as StateEnd, destination.states[state] as StateEnd];
    const ranges = Array.from(this.#labelsOfBoth(source, destination), ([own, other]) =>
      this.#together(
        this.#withOthers(from, "egress", tableAt(from, "egress", own).range(to, other, family, via)),
        this.#withOthers(to, "ingress", tableAt(to, "ingress", other).range(from, own, family, via)),
      ),
    );
    return ranges.reduce((a, b) => this.#both(a, b));
  }

  /** What passes where any way of one side goes with any of the other's. */
  #together(sent: Range, taken: Range): Range {
    return {
      least: this.pool.intersect(sent.least, taken.least),
      most: this.pool.intersect(sent.most, taken.most),
    };
  }

  /** What a side lets pass, whichever labels the two namespaces have. */
  #sideRange(
    direction: Direction,
    subject: StateEnd,
    peer: StateEnd,
    { family, via }: { readonly family: Family | undefined; readonly via: Via },
  ): Range {
    if (opens(subject, direction)) return anything;
    const tables = subject.tables[direction];
    let range = (tables[0] as (typeof tables)[number]).range(peer, undefined, family, via);
    for (const table of tables.length === 1 ? [] : new Set(tables)) {
      range = this.#both(range, table.range(peer, undefined, family, via));
    }
    return this.#withOthers(subject, direction, range);
  }

  /** As it may be where policies of other kinds close or open a side. */
  #withOthers({ others }: StateEnd, direction: Direction, range: Range): Range {
    const own = others[direction];
    if (own.length === 0) return range;
    return { least: ConnectionPool.none, most: own.some(mayOpen) ? ConnectionPool.all : range.most };
  }

  #both(a: Range, b: Range): Range {
    return { least: this.pool.intersect(a.least, b.least), most: this.pool.union(a.most, b.most) };
  }

  #missingOfAll(sources: readonly KnownEnd[], destinations: readonly KnownEnd[], via: Via): readonly MissingFact[] {
    return sources.flatMap((source) =>
      destinations.flatMap((destination) =>
        isSettled(this.range(source, destination, via)) ? [] : this.missing(source, destination, via),
      ),
    );
  }

  /** What is missing is found when it is asked for. */
  #answerOf({ least, most }: Range, missing: () => readonly MissingFact[]): PairAnswer {
    return {
      certain: this.pool.get(least),
      uncertain: this.pool.get(this.pool.subtract(most, least)),
      get missing() {
        return least === most ? [] : missing();
      },
    };
  }

  /** The labels of a pod's namespace that may select it for other policies. */
  #ownLabels({ onlyNamed }: KnownEnd): readonly number[] {
    return this.#ways.subjectsAsk && onlyNamed !== undefined ? this.#ways.labels.map((_, place) => place) : asGiven;
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

  /** One text for pairs with the same outcomes in the same ways; where policies do not ask whom they select by labels. */
  #patternOf(pair: Pair, facts: readonly OpenFact[]): string {
    const { source, destination, via } = pair;
    const families = this.#families(source, destination, via);
    const side = (direction: Direction): string => {
      const labels = this.#labelPlaces(pair, direction);
      const texts = families.map((family) => {
        const addresses = this.#addressPlaces(pair, direction, family);
        const outcomes = waysAt(0, labels.distinct, addresses.distinct).map((way) =>
          this.#sides(pair, direction, way).join(" "),
        );
        return `${family} ${labels.text} ${addresses.text} ${outcomes.join()}`;
      });
      return texts.join();
    };
    return [
      isOfOneNamespace(source, destination),
      facts.map(({ of }) => ("side" in of ? `${of.kind} ${of.side}` : of.kind)).join(),
      side("egress"),
      side("ingress"),
    ].join(" | ");
  }

  /** The places of labels of the peer's namespace that rules of some state tell apart, where policies' subjects do not. */
  #labelPlaces({ source, destination }: Pair, direction: Direction): Places {
    const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
    const { onlyNamed } = peer;
    if (onlyNamed === undefined) return onlyFirst;
    return toldApart(tablesOf(subject, peer, direction).map((table) => table.labelPlaces(onlyNamed)));
  }

  /** The places of addresses that the peer may have, as far as rules of some state tell them apart. */
  #addressPlaces({ source, destination }: Pair, direction: Direction, family: Family | undefined): Places {
    const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
    const knowing = peer.states.map((state) => state?.hasNoAddress === true);
    const tables = tablesOf(subject, peer, direction, (state) => knowing[state] === true);
    return tables.length === 0 ? nowhere : toldApart(tables.map((table) => table.addressPlaces(family)));
  }

  /** The labels that the namespaces of two ends may have together, as far as rules and subjects of policies tell them apart. */
  *#labelsOfBoth(source: KnownEnd, destination: KnownEnd): Generator<readonly [number, number]> {
    const own = ownPlaces(source, "egress", destination);
    const others = ownPlaces(destination, "ingress", source);
    if (isOfOneNamespace(source, destination)) {
      for (const place of toldApart([...own, ...others]).distinct) yield [place, place];
    } else {
      const to = toldApart(others).distinct;
      for (const from of toldApart(own).distinct) for (const place of to) yield [from, place];
    }
  }

  /** The ways of each side; any of one group goes with any of the other side's. */
  *#groups(pair: Pair): Generator<{ readonly egress: readonly Way[]; readonly ingress: readonly Way[] }> {
    const { source, destination, via } = pair;
    const isJoint =
      isOfOneNamespace(source, destination) ||
      (this.#ways.subjectsAsk && (source.onlyNamed ?? destination.onlyNamed) !== undefined);
    for (const family of this.#families(source, destination, via)) {
      const peers = this.#addressPlaces(pair, "egress", family).distinct;
      const subjects = this.#addressPlaces(pair, "ingress", family).distinct;
      if (isJoint) {
        for (const [own, other] of this.#labelsOfBoth(source, destination))
          yield { egress: waysAt(own, [other], peers), ingress: waysAt(other, [own], subjects) };
      } else {
        yield {
          egress: waysAt(0, this.#labelPlaces(pair, "egress").distinct, peers),
          ingress: waysAt(0, this.#labelPlaces(pair, "ingress").distinct, subjects),
        };
      }
    }
  }

  /** The families by which two pods may meet; undefined where their own addresses say. */
  #families(source: KnownEnd, destination: KnownEnd, via: Via): readonly (Family | undefined)[] {
    if (!source.hasNoAddress && !destination.hasNoAddress) return byAddress;
    if (via === 4 || via === 6) return [via];
    const known = [source, destination].find(({ hasNoAddress, pod }) => !hasNoAddress && pod.addresses.length > 0);
    return known === undefined ? this.#addressFamilies : known.pod.addresses.slice(0, 1).map(({ family }) => family);
  }

  /** What one side allows in a way; more than one where policies of other kinds may change it. */
  #sides(pair: Pair, direction: Direction, way: Way): readonly Outcome[] {
    const given = this.#side(pair, direction, way);
    const side = sideOf(pair, direction);
    if (!hasOthers(side.subject, direction)) return [given];
    return this.#overrides(side.subject, direction).map((override) => overridden(given, side, override));
  }

  /** What policies of other kinds may do to an end: the same in all states, where all have the same ones. */
  #overrides({ states }: KnownEnd, direction: Direction): readonly Overrides[] {
    const texts = states.flatMap((state) =>
      state === undefined ? [] : [state.others[direction].map(otherKey).join()],
    );
    if (new Set(texts).size === 1) return kinds.map((kind) => this.#states.map(() => kind));
    return this.#states.reduce<readonly Overrides[]>(
      (found) => found.flatMap((one) => kinds.map((kind) => [...one, kind])),
      [[]],
    );
  }

  #side({ source, destination, via }: Pair, direction: Direction, { own, labels, address }: Way): Outcome {
    return this.#states.map((_, index) => {
      const [from, to] = [source.states[index], destination.states[index]];
      if (from === undefined || to === undefined) return ConnectionPool.none;
      const [subject, peer] = direction === "egress" ? [from, to] : [to, from];
      return tableAt(subject, direction, own).allowed(peer, labels, address, via);
    });
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
  #facts(source: KnownEnd, destination: KnownEnd): readonly OpenFact[] {
    const facts: OpenFact[] = [];
    for (const namespace of new Set([source.onlyNamed, destination.onlyNamed])) {
      if (namespace === undefined) continue;
      facts.push({
        facts: [{ kind: "namespace-labels", namespace, keys: this.#askedKeys }],
        choices: this.#ways.labels.length,
        of: { kind: "labels", namespace },
      });
    }
    for (const [side, { hasNoAddress, pod }] of [source, destination].entries()) {
      if (!hasNoAddress) continue;
      facts.push({
        facts: [{ kind: "pod-address", pod: podKey(pod) }],
        choices: this.#ways.addresses.length,
        of: { kind: "address", side: side as 0 | 1 },
      });
    }
    for (const [side, direction] of (["egress", "ingress"] as const).entries()) {
      const end = side === 0 ? source : destination;
      if (!hasOthers(end, direction)) continue;
      const choices = this.#overrides(end, direction).length;
      facts.push({ facts: otherFacts(end, direction), choices, of: { kind: "others", side: side as 0 | 1 } });
    }
    return facts;
  }

  /** The outcome of one choice for each fact, as text; undefined where these cannot be so together. */
  #answerAt(pair: Pair, facts: readonly OpenFact[], chosen: readonly number[]): string | undefined {
    const { source, destination, via } = pair;
    const labels = new Map<string | undefined, number>();
    const addresses: [number, number] = [noAddress, noAddress];
    const override: [Overrides, Overrides] = [[], []];
    for (const [index, { of }] of facts.entries()) {
      const choice = chosen[index] as number;
      if (of.kind === "labels") labels.set(of.namespace, choice);
      else if (of.kind === "address") addresses[of.side] = choice;
      else {
        const [subject, direction] =
          of.side === 0 ? ([source, "egress"] as const) : ([destination, "ingress"] as const);
        override[of.side] = this.#overrides(subject, direction)[choice] ?? [];
      }
    }
    const families = this.#families(source, destination, via);
    const used = addresses.map((place) => this.#ways.addresses[place]?.family).filter((family) => family !== undefined);
    if (!families.some((family) => used.every((own) => own === family))) return undefined;
    const [from, to] = [labels.get(source.onlyNamed) ?? 0, labels.get(destination.onlyNamed) ?? 0];
    const egress = this.#side(pair, "egress", { own: from, labels: to, address: addresses[1] });
    const ingress = this.#side(pair, "ingress", { own: to, labels: from, address: addresses[0] });
    const sent = overridden(egress, sideOf(pair, "egress"), override[0]);
    const taken = overridden(ingress, sideOf(pair, "ingress"), override[1]);
    return sent.map((number, state) => this.pool.intersect(number, taken[state] as number)).join();
  }
}

/** One way in which two ends may be, as one side sees it: places of labels and addresses in the ways. */
interface Way {
  /** The labels of the namespace of the side's own pod, and of the peer's. */
  readonly own: number;
  readonly labels: number;
  /** The peer's. */
  readonly address: number;
}

/** What is asked of two ends. */
interface Pair {
  readonly source: KnownEnd;
  readonly destination: KnownEnd;
  readonly via: Via;
}

/** One side of a pair, and in which states both ends are there. */
interface Side {
  readonly subject: KnownEnd;
  readonly direction: Direction;
  readonly isThere: (state: number) => boolean;
}

function sideOf({ source, destination }: Pair, direction: Direction): Side {
  const isThere = (state: number): boolean =>
    source.states[state] !== undefined && destination.states[state] !== undefined;
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

/** As it may be where policies of other kinds close or open a side, in the states that have them. */
function overridden(given: Outcome, { subject, direction, isThere }: Side, overrides: Overrides): Outcome {
  return given.map((number, index) => {
    const override = overrides[index];
    const own = subject.states[index]?.others[direction] ?? [];
    if (override === "closed" && own.length > 0) return ConnectionPool.none;
    return override === "open" && isThere(index) && own.some(mayOpen) ? ConnectionPool.all : number;
  });
}

function otherFacts(end: KnownEnd, direction: Direction): MissingFact[] {
  const pod = podKey(end.pod);
  return [...new Set(othersOf(end, direction))].map((policy) => ({ kind: "other-policy", policy, pod }));
}

/** One text for a policy that says the same. */
function otherKey({ apiVersion, kind, namespace = "", name, range }: OtherPolicy): string {
  return `${apiVersion} ${kind} ${namespace}/${name} ${range?.file.text.slice(range.start, range.end) ?? ""}`;
}

function isLooseItself(source: KnownEnd, destination: KnownEnd): boolean {
  return [source, destination].some(({ onlyNamed, hasNoAddress }) => onlyNamed !== undefined || hasNoAddress);
}

/** Whether two ends are of one namespace of which only the name is known. */
function isOfOneNamespace(source: KnownEnd, destination: KnownEnd): boolean {
  return source.onlyNamed !== undefined && source.onlyNamed === destination.onlyNamed;
}

function isSettled({ least, most }: Range): boolean {
  return least === most;
}

/** Whether policies of other kinds may close a side, and open it. */
function opens({ others }: StateEnd, direction: Direction): boolean {
  return others[direction].some(mayOpen);
}

/** The number of what a side lets pass, where nothing that is not known has a say in it. */
function settledSide(direction: Direction, subject: StateEnd, peer: StateEnd, via: Via): number | undefined {
  const tables = subject.tables[direction];
  const [table] = tables;
  if (table === undefined || tables.length > 1 || subject.others[direction].length > 0) return undefined;
  return table.isSettled(peer) ? table.given(peer.podClass, via) : undefined;
}

function rangeOfOne(number: number): Range {
  return { least: number, most: number };
}

/** The places of labels of an end's namespace by which it has other rules, and by which it is another to those of its peer. */
function ownPlaces(end: KnownEnd, direction: Direction, peer: KnownEnd): readonly Places[] {
  const { onlyNamed } = end;
  if (onlyNamed === undefined) return [onlyFirst];
  const asPeer = tablesOf(peer, end, direction === "egress" ? "ingress" : "egress");
  return [
    ...end.states.flatMap((state) => (state === undefined ? [] : [state.rulePlaces[direction]])),
    ...asPeer.map((table) => table.labelPlaces(onlyNamed)),
  ];
}

/** The tables of a side, with whichever labels, in the states in which both ends are there. */
function tablesOf(
  subject: KnownEnd,
  peer: KnownEnd,
  direction: Direction,
  isAsked: (state: number) => boolean = () => true,
): readonly TableWays[] {
  return subject.states.flatMap((state, index) =>
    state === undefined || peer.states[index] === undefined || !isAsked(index) ? [] : state.tables[direction],
  );
}

function distinct(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.length === 1 ? outcomes : [...new Map(outcomes.map((outcome) => [outcome.join(), outcome])).values()];
}

function waysAt(own: number, labels: readonly number[], addresses: readonly number[]): readonly Way[] {
  return labels.flatMap((place) => addresses.map((address) => ({ own, labels: place, address })));
}

const asGiven: readonly number[] = [0];
const byAddress: readonly undefined[] = [undefined];
const nowhere: Places = { all: [noAddress], same: [noAddress], distinct: [noAddress], text: "" };
const closed: PairAnswer = { certain: noConnections, uncertain: noConnections, missing: [] };
const nothing: Range = { least: ConnectionPool.none, most: ConnectionPool.none };
const anything: Range = { least: ConnectionPool.none, most: ConnectionPool.all };

/** Rules that are judged in all ways together, for every pair of classes of pods. */
const reasonableWork = 2_000_000_000;
