import { joinIntervals } from "../../analyze/address-intervals.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import type { AddressPiece } from "../../evaluate/fast/address-sets.ts";
import type { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import {
  type Address,
  type Family,
  compareAddresses,
  formatAddress,
  nextAddress,
  previousAddress,
} from "../../net/address.ts";
import { type ConnectionSet, allConnections, formatConnections, intersect, isEmpty } from "../../net/connection-set.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import type { Reach, ReachedAddresses } from "./reach.ts";

/** All addresses that are no pod's, by what may pass. */
export function reachedAddresses(
  cluster: Cluster,
  evaluator: FastEvaluator,
  pod: Pod,
  as: Reach["as"],
  only: ConnectionSet = allConnections,
): readonly ReachedAddresses[] {
  const byText = new Map<string, { intervals: AddressInterval[]; connections: ConnectionSet }>();
  for (const { first, last, connections: all } of reachByPiece(cluster, evaluator, pod, as)) {
    const connections = intersect(only, all);
    if (isEmpty(connections)) continue;
    const text = formatConnections(connections);
    const same = byText.get(text);
    if (same === undefined) byText.set(text, { intervals: [{ first, last }], connections });
    else same.intervals.push({ first, last });
  }
  return [...byText.values()].map(({ intervals, connections }) => ({
    intervals: joinIntervals(intervals),
    connections,
  }));
}

/** What may pass between a pod and each stretch of addresses that rules do not tell apart; pods' own are left out. */
export function reachByPiece(
  cluster: Cluster,
  evaluator: FastEvaluator,
  pod: Pod,
  as: Reach["as"],
): readonly (AddressInterval & { readonly connections: ConnectionSet })[] {
  const taken = new Set(cluster.pods.filter(isPolicyPod).flatMap(({ addresses }) => addresses.map(formatAddress)));
  return familiesOf(pod).flatMap((family) =>
    piecesOf(cluster, evaluator, family).flatMap(({ first, last }) => {
      const address = freeAddress({ first, last }, taken);
      if (address === undefined) return [];
      const [own, other] = [endpointOf(pod, family), { kind: "address", address } as const];
      const [source, destination] = as === "source" ? ([own, other] as const) : ([other, own] as const);
      return [{ first, last, connections: evaluator.connections(source, destination) }];
    }),
  );
}

function familiesOf(pod: Pod): readonly Family[] {
  return pod.addresses.length === 0 ? [4, 6] : pod.addresses.map(({ family }) => family);
}

/** The addresses of a family where rules tell them apart, and each node's by itself, because of the own node. */
function piecesOf(cluster: Cluster, evaluator: FastEvaluator, family: Family): readonly AddressInterval[] {
  const nodes = [...cluster.nodes.values()].flatMap(({ addresses }) => addresses);
  const cuts = nodes.filter((address) => address.family === family).sort(compareAddresses);
  return evaluator.addressPieces(family).flatMap((piece) => cutAt(piece, cuts));
}

function cutAt({ first, last }: AddressPiece, cuts: readonly Address[]): AddressInterval[] {
  const pieces: AddressInterval[] = [];
  let start: Address | undefined = first;
  for (const cut of cuts) {
    if (start === undefined || compareAddresses(cut, start) < 0 || compareAddresses(cut, last) > 0) continue;
    const before = previousAddress(cut);
    if (before !== undefined && compareAddresses(start, before) <= 0) pieces.push({ first: start, last: before });
    pieces.push({ first: cut, last: cut });
    start = nextAddress(cut);
  }
  if (start !== undefined && compareAddresses(start, last) <= 0) pieces.push({ first: start, last });
  return pieces;
}

function freeAddress({ first, last }: AddressInterval, taken: ReadonlySet<string>): Address | undefined {
  for (
    let address: Address | undefined = first;
    address !== undefined && compareAddresses(address, last) <= 0;
    address = nextAddress(address)
  ) {
    if (!taken.has(formatAddress(address))) return address;
  }
  return undefined;
}
