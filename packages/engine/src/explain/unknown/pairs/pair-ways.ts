import type { Via } from "../../../evaluate/fast/pod-class.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { Family } from "../../../net/address.ts";
import type { KnownEnd } from "./known-end.ts";
import { type Pair, isOfOneNamespace } from "./pair.ts";
import { type Places, onlyFirst, toldApart } from "./places.ts";
import type { TableWays } from "./table-ways.ts";
import { type Ways, noAddress } from "./ways.ts";

/** One way in which two ends may be, as one side sees it: places of labels and addresses in the ways. */
export interface Way {
  /** The labels of the namespace of the side's own pod, and of the peer's. */
  readonly own: number;
  readonly labels: number;
  /** The peer's. */
  readonly address: number;
}

/** In which ways two ends may be, as far as the rules and subjects of policies tell the ways apart. */
export class PairWays {
  readonly #ways: Ways;
  readonly #addressFamilies: readonly Family[];

  constructor(ways: Ways) {
    this.#ways = ways;
    this.#addressFamilies = [...new Set(ways.addresses.map(({ family }) => family))];
  }

  /** The families by which two pods may meet; undefined where their own addresses say. */
  families(source: KnownEnd, destination: KnownEnd, via: Via): readonly (Family | undefined)[] {
    if (!source.hasNoAddress && !destination.hasNoAddress) return byAddress;
    if (via === 4 || via === 6) return [via];
    const known = [source, destination].find(({ hasNoAddress, pod }) => !hasNoAddress && pod.addresses.length > 0);
    return known === undefined ? this.#addressFamilies : known.pod.addresses.slice(0, 1).map(({ family }) => family);
  }

  /** The places of labels of the peer's namespace that rules of some state tell apart, where policies' subjects do not. */
  labelPlaces({ source, destination }: Pair, direction: Direction): Places {
    const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
    const { onlyNamed } = peer;
    if (onlyNamed === undefined) return onlyFirst;
    return toldApart(tablesOf(subject, peer, direction).map((table) => table.labelPlaces(onlyNamed)));
  }

  /** The places of addresses that the peer may have, as far as rules of some state tell them apart. */
  addressPlaces({ source, destination }: Pair, direction: Direction, family: Family | undefined): Places {
    const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
    const knowing = peer.states.map((state) => state?.hasNoAddress === true);
    const tables = tablesOf(subject, peer, direction, (state) => knowing[state] === true);
    return tables.length === 0 ? nowhere : toldApart(tables.map((table) => table.addressPlaces(family)));
  }

  /** The labels that the namespaces of two ends may have together, as far as rules and subjects of policies tell them apart. */
  *labelsOfBoth(source: KnownEnd, destination: KnownEnd): Generator<readonly [number, number]> {
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
  *groups(pair: Pair): Generator<{ readonly egress: readonly Way[]; readonly ingress: readonly Way[] }> {
    const { source, destination, via } = pair;
    const isJoint =
      isOfOneNamespace(source, destination) ||
      (this.#ways.subjectsAsk && (source.onlyNamed ?? destination.onlyNamed) !== undefined);
    for (const family of this.families(source, destination, via)) {
      const peers = this.addressPlaces(pair, "egress", family).distinct;
      const subjects = this.addressPlaces(pair, "ingress", family).distinct;
      if (isJoint) {
        for (const [own, other] of this.labelsOfBoth(source, destination))
          yield { egress: waysAt(own, [other], peers), ingress: waysAt(other, [own], subjects) };
      } else {
        yield {
          egress: waysAt(0, this.labelPlaces(pair, "egress").distinct, peers),
          ingress: waysAt(0, this.labelPlaces(pair, "ingress").distinct, subjects),
        };
      }
    }
  }
}

/** All ways of one side of these places. */
export function waysAt(own: number, labels: readonly number[], addresses: readonly number[]): readonly Way[] {
  return labels.flatMap((place) => addresses.map((address) => ({ own, labels: place, address })));
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

const byAddress: readonly undefined[] = [undefined];
const nowhere: Places = { all: [noAddress], same: [noAddress], distinct: [noAddress], text: "" };
