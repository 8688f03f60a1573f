import { joinIntervals } from "../../analyze/address-intervals.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
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
import { type Cidr, cidrContains, formatCidr } from "../../net/cidr.ts";
import { type ConnectionSet, allConnections } from "../../net/connection-set.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import { blocksOf } from "../unknown/address-variation.ts";
import type { MissingFact } from "../unknown/missing-fact.ts";
import type { PairAnswer } from "../unknown/pair-answer.ts";
import { privateRanges } from "../unknown/stranger-variations.ts";
import type { EndAnswers } from "./end-answers.ts";
import type { Reach, ReachedAddresses } from "./reach.ts";
import { reached, reachedText } from "./reached.ts";

export interface AddressesQuestion {
  readonly pod: Pod;
  /** Whether the pod is the source. */
  readonly as: Reach["as"];
  readonly only?: ConnectionSet;
  /** What is taken to be as given. */
  readonly settled: readonly MissingFact["kind"][];
}

/** All addresses that are no known pod's, by what may pass. */
export function reachedAddresses(
  answers: EndAnswers,
  { only = allConnections, ...question }: AddressesQuestion,
): readonly ReachedAddresses[] {
  const byText = new Map<string, ReachedAddresses & { readonly intervals: AddressInterval[] }>();
  for (const { first, last, answer } of answersByPiece(answers, question)) {
    const set = reached(answer, only);
    if (set === undefined) continue;
    const text = `${reachedText(set)} ${JSON.stringify(set.unknown?.missing.map(({ kind, ...rest }) => [kind, rest]))}`;
    const same = byText.get(text);
    if (same === undefined) byText.set(text, { ...set, intervals: [{ first, last }] });
    else same.intervals.push({ first, last });
  }
  return [...byText.values()].map(({ intervals, ...set }) => ({ ...set, intervals: joinIntervals(intervals) }));
}

/** What may pass between a pod and each stretch of addresses that nothing tells apart; known pods' own are left out. */
export function answersByPiece(
  answers: EndAnswers,
  { pod, as, settled }: Omit<AddressesQuestion, "only">,
): readonly (AddressInterval & { readonly answer: PairAnswer })[] {
  const signatureOf = answers.remember(`signatures of ${pod.namespace} ${pod.node}`, () =>
    signaturesOf(answers.cluster, pod),
  );
  const known = new Map<string, PairAnswer>();
  return familiesOf(pod).flatMap((family) => {
    const stretches = answers.remember(`stretches of IPv${family}`, () => stretchesOf(answers, family));
    return stretches.map(({ first, last, address }) => {
      const signature = signatureOf(address);
      let answer = known.get(signature);
      if (answer === undefined) {
        const [own, other] = [endpointOf(pod, family), { kind: "address", address } as const];
        const found = as === "source" ? answers.between(own, other, settled) : answers.between(other, own, settled);
        const missing = found.missing.map((fact) => aboutStretch(fact, address));
        known.set(signature, (answer = { certain: found.certain, uncertain: found.uncertain, missing }));
      }
      return { first, last, answer };
    });
  });
}

/** The address was one of many. */
function aboutStretch(fact: MissingFact, address: Address): MissingFact {
  if (fact.kind === "unknown-pod") return { kind: "unknown-pods" };
  const isOwn = fact.kind === "placement" && fact.peer === formatAddress(address);
  return isOwn ? { ...fact, peer: "these addresses" } : fact;
}

/** One text for addresses that no known pod has and that a pod's policies treat alike; the same one for each address. */
export function signaturesOf(cluster: Cluster, { namespace, node: home }: Pod): (address: Address) => string {
  const own = { ...cluster, policies: cluster.policies.filter((policy) => policy.namespace === namespace) };
  const blocks = [...new Map(blocksOf(own).map((block) => [formatCidr(block), block])).values()];
  const nodes = new Map(
    [...cluster.nodes.values()].flatMap((node) => node.addresses.map((address) => [formatAddress(address), node])),
  );
  const asksNodes = cluster.clusterPolicies.some(({ ingress, egress }) =>
    [...ingress, ...egress].some(({ peers }) => peers.some(({ kind }) => kind === "nodes")),
  );
  const ranges = podRanges(cluster);
  const known = new Map<string, string>();
  const find = (address: Address, text: string): string => {
    const holding = blocks.map((block) => (cidrContains(block, address) ? "1" : "0")).join("");
    const isRanged = ranges.some((range) => cidrContains(range, address));
    const name = nodes.get(text)?.name;
    const node = name === undefined ? "no node" : asksNodes ? `node ${name}` : name === home ? "own node" : "a node";
    return `${address.family} ${holding} ${isRanged} ${node}`;
  };
  return (address) => {
    const text = formatAddress(address);
    let signature = known.get(text);
    if (signature === undefined) known.set(text, (signature = find(address, text)));
    return signature;
  };
}

/** Where pods may be that are not known. */
function podRanges({ nodes }: Cluster): readonly Cidr[] {
  const ranges = [...nodes.values()].flatMap(({ podCidrs }) => podCidrs);
  return ranges.length > 0 ? ranges : privateRanges;
}

function familiesOf(pod: Pod): readonly Family[] {
  return pod.addresses.length === 0 ? [4, 6] : pod.addresses.map(({ family }) => family);
}

/** A stretch of addresses that nothing tells apart, and one of them that no known pod has. */
interface Stretch extends AddressInterval {
  readonly address: Address;
}

/**
 * The addresses of a family where rules tell them apart, each node's by itself because of the own node, and cut where pods
 * may be that are not known; without those of known pods alone.
 */
function stretchesOf({ cluster, evaluator }: EndAnswers, family: Family): readonly Stretch[] {
  const nodes = [...cluster.nodes.values()];
  const own = nodes.flatMap(({ addresses }) => addresses.map((address) => ({ first: address, last: address })));
  const starts = [...own, ...podRanges(cluster)]
    .flatMap(({ first, last }) => [first, nextAddress(last)])
    .filter((address) => address?.family === family)
    .map((address) => address as Address)
    .sort(compareAddresses);
  const taken = new Set(cluster.pods.filter(isPolicyPod).flatMap(({ addresses }) => addresses.map(formatAddress)));
  return evaluator
    .addressPieces(family)
    .flatMap((piece) => cutAt(piece, starts))
    .flatMap((piece) => {
      const address = freeAddress(piece, taken);
      return address === undefined ? [] : [{ ...piece, address }];
    });
}

/** A stretch, cut before each of these addresses; they are in order. */
function cutAt({ first, last }: AddressInterval, starts: readonly Address[]): AddressInterval[] {
  const pieces: AddressInterval[] = [];
  let start = first;
  for (const cut of starts) {
    if (compareAddresses(cut, start) <= 0) continue;
    if (compareAddresses(cut, last) > 0) break;
    pieces.push({ first: start, last: previousAddress(cut) as Address });
    start = cut;
  }
  pieces.push({ first: start, last });
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
