import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { PodClass, Via } from "../../../evaluate/fast/pod-class.ts";
import type { PodQuestion } from "../../../evaluate/fast/question-index.ts";
import type { RuleTable } from "../../../evaluate/fast/rule-table.ts";
import { namespaceNameLabel } from "../../../model/cluster.ts";
import type { LabelSelector } from "../../../model/selector.ts";
import type { Family } from "../../../net/address.ts";
import type { LabelAnswers } from "./label-answers.ts";
import type { PodPart } from "./pod-part.ts";
import type { Peer } from "./peer.ts";
import { type Places, placesOf } from "./places.ts";
import { type Ways, addressesOf, noAddress } from "./ways.ts";

/** What the tables of a state share. */
export interface WayContext {
  readonly ways: Ways;
  /** Where numbers of all answers are from. */
  readonly pool: ConnectionPool;
  /** The number in that pool of one that tables of this state give. */
  readonly numberOf: (own: number) => number;
  readonly labelAnswers: (selector: LabelSelector) => LabelAnswers;
  readonly podPart: (selector: LabelSelector) => PodPart;
  /** The questions about addresses that hold for an address of the ways, by its place. */
  readonly addressMembers: (place: number) => ReadonlySet<number>;
}

/** What rules ask that may not be known. */
export interface Asks {
  readonly labels: boolean;
  readonly addresses: boolean;
}

/** What passes in every way, and what in some; numbers of a pool. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * What a table allows a peer in every way in which the peer may be. Its rules say which ways they tell apart, and of which
 * peers: others are not tried. A peer may be in a way where its class is known, and its namespace has the labels of a place
 * in the ways, and it has the address of a place.
 */
export class TableWays {
  readonly table: RuleTable;
  readonly asks: Asks;
  /** What there is to try for a peer of which nothing is known, in rules that are judged. */
  readonly work: number;
  readonly #context: WayContext;
  readonly #rules: readonly AskedRule[];
  readonly #loose: readonly LooseQuestion[];
  readonly #asksName: boolean;
  readonly #numbers: readonly number[];
  readonly #labelPlaces = new Map<string, Places>();
  readonly #addressPlaces = new Map<Family | undefined, Places>();

  constructor(table: RuleTable, context: WayContext) {
    this.table = table;
    this.#context = context;
    this.#rules = table.rules.map(({ rule: { peers } }): AskedRule => {
      if (peers === undefined) return everyone;
      const loose = peers.pods.filter(isLoose).map((question): LooseQuestion => {
        const { namespace, pods } = question.predicate;
        return {
          question,
          namespaces: context.labelAnswers(namespace as LabelSelector),
          pods: context.podPart(pods),
        };
      });
      const known = peers.pods.filter((question) => !isLoose(question));
      return { isForAll: false, known, loose, numbers: peers.addresses.map(({ number }) => number) };
    });
    this.#loose = this.#rules.flatMap(({ loose }) => loose);
    this.#asksName = this.#loose.some(({ namespaces }) => namespaces.asksName);
    this.#numbers = [...new Set(this.#rules.flatMap(({ numbers }) => numbers))];
    this.asks = {
      labels: context.ways.labels.length > 1 && this.#loose.length > 0,
      addresses: context.ways.addresses.length > 0 && this.#numbers.length > 0,
    };
    this.work = this.#work();
  }

  /** The number of what is allowed to or from a class of pods as the input is. */
  given(peer: PodClass, via: Via): number {
    return this.#context.numberOf(this.table.allowed(peer, via));
  }

  /** The number of what is allowed to or from a peer in a way; the address is one of the family by which it is met. */
  allowed(peer: Peer, labels: number, address: number, via: Via): number {
    const place = this.#isLoose(peer) ? labels : 0;
    const own = peer.hasNoAddress && this.asks.addresses ? address : noAddress;
    if (place === 0 && own === noAddress) return this.given(peer.podClass, via);
    const members = own === noAddress ? peer.podClass.addresses[via].members : this.#context.addressMembers(own);
    const isAbout = (rule: number): boolean => isRuleAbout(this.#rules[rule] as AskedRule, peer, place, members);
    return this.#context.numberOf(this.table.allowedBy(peer.podClass, isAbout));
  }

  /** Whether it allows a peer the same in all ways. */
  isSettled(peer: Peer): boolean {
    return !(peer.hasNoAddress && this.asks.addresses) && !this.#isLoose(peer);
  }

  /** What is allowed in all ways and in some: with labels of this place, or if that is undefined with any, and addresses of a family. */
  range(peer: Peer, labels: number | undefined, family: Family | undefined, via: Via): Range {
    const places = !this.#isLoose(peer)
      ? asGiven
      : labels === undefined
        ? this.labelPlaces(peer.podClass.namespace).distinct
        : [labels];
    const addresses = peer.hasNoAddress && this.asks.addresses ? this.addressPlaces(family).distinct : nowhere;
    if (places.length === 1 && addresses.length === 1) {
      const only = this.allowed(peer, places[0] as number, addresses[0] as number, via);
      return { least: only, most: only };
    }
    const { pool } = this.#context;
    let [least, most]: [number, number] = [ConnectionPool.all, ConnectionPool.none];
    for (const place of places) {
      for (const address of addresses) {
        const allowed = this.allowed(peer, place, address, via);
        least = pool.intersect(least, allowed);
        most = pool.union(most, allowed);
      }
    }
    return { least, most };
  }

  /** The places of labels that its rules tell apart at a namespace. */
  labelPlaces(namespace: string): Places {
    const name = this.#asksName ? namespace : "";
    let places = this.#labelPlaces.get(name);
    if (places === undefined) {
      const answers = this.#loose.map((question) => question.namespaces.of(name));
      const all = this.#context.ways.labels.map((_, place) => place);
      places = placesOf(all, (place) => answers.map((own) => (own[place] === true ? "1" : "0")).join(""));
      this.#labelPlaces.set(name, places);
    }
    return places;
  }

  /** The places of addresses of a family that its rules tell apart. */
  addressPlaces(family: Family | undefined): Places {
    let places = this.#addressPlaces.get(family);
    if (places === undefined) {
      const answers = (place: number): ReadonlySet<number> =>
        place === noAddress ? noNumbers : this.#context.addressMembers(place);
      places = placesOf(addressesOf(this.#context.ways, family), (place) => {
        const own = answers(place);
        return this.#numbers.map((number) => (own.has(number) ? "1" : "0")).join("");
      });
      this.#addressPlaces.set(family, places);
    }
    return places;
  }

  /** Whether labels that are not known say which of its rules are about a peer. */
  #isLoose({ isOnlyNamed, podClass }: Peer): boolean {
    if (!isOnlyNamed) return false;
    for (const { pods } of this.#loose) if (pods.has(podClass)) return true;
    return false;
  }

  #work(): number {
    if (!this.asks.labels && !this.asks.addresses) return 0;
    const labels = this.asks.labels ? this.labelPlaces("").distinct.length : 1;
    const addresses = this.asks.addresses ? this.addressPlaces(undefined).distinct.length : 1;
    return labels * addresses * this.#rules.length;
  }
}

/** A rule by what may say that it is about a peer. */
interface AskedRule {
  readonly isForAll: boolean;
  readonly known: readonly PodQuestion[];
  readonly loose: readonly LooseQuestion[];
  /** Of questions about addresses. */
  readonly numbers: readonly number[];
}

/** A question of which the answer depends on labels of the peer's namespace. */
interface LooseQuestion {
  readonly question: PodQuestion;
  readonly namespaces: LabelAnswers;
  readonly pods: PodPart;
}

const everyone: AskedRule = { isForAll: true, known: [], loose: [], numbers: [] };

/** The name of a namespace is known, whatever else is not. */
function isLoose({ predicate: { namespace } }: PodQuestion): boolean {
  return typeof namespace !== "string" && namespace.requirements.some(({ key }) => key !== namespaceNameLabel);
}

function isRuleAbout(
  { isForAll, known, loose, numbers }: AskedRule,
  { podClass, isOnlyNamed }: Peer,
  labels: number,
  addresses: ReadonlySet<number>,
): boolean {
  if (isForAll) return true;
  for (const { members } of known) if (members.has(podClass)) return true;
  for (const { question, namespaces, pods } of loose) {
    const holds = isOnlyNamed
      ? pods.has(podClass) && namespaces.of(podClass.namespace)[labels] === true
      : question.members.has(podClass);
    if (holds) return true;
  }
  for (const number of numbers) if (addresses.has(number)) return true;
  return false;
}

const asGiven: readonly number[] = [0];
const nowhere: readonly number[] = [noAddress];
const noNumbers: ReadonlySet<number> = new Set();
