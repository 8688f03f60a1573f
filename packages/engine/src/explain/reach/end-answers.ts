import type { Behaviour } from "../../analyze/dialect/dialect.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { Via } from "../../evaluate/fast/pod-class.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import type { OtherObject } from "../../model/other-object.ts";
import { type Pod, isPolicyPod, isSamePod, podKey } from "../../model/pod.ts";
import { type Address, type Family, formatAddress, parseAddress } from "../../net/address.ts";
import { type ConnectionSet, allConnections, isSubset, noConnections } from "../../net/connection-set.ts";
import { blocksOf } from "../unknown/address-variation.ts";
import { type MissingFact, withNames } from "../unknown/missing-fact.ts";
import { answerOfPair } from "../unknown/missing-facts.ts";
import type { PairAnswer } from "../unknown/pair-answer.ts";
import { type KnownEnd, othersOf } from "../unknown/pairs/known-end.ts";
import { PairAnswers } from "../unknown/pairs/pair-answers.ts";
import { mayBePod } from "../unknown/stranger-variations.ts";

/** What questions about a cluster are answered from. */
export interface Seen {
  readonly cluster: Cluster;
  /** Objects that answers are not made of, and that may change them. */
  readonly others?: readonly OtherObject[];
  /** Those that the cluster was changed by. */
  readonly behaviours?: readonly Behaviour[];
}

/**
 * What may pass between two ends as far as the input tells, for many pairs: of pods, of pods in their node's network and of
 * addresses. Pods that nothing tells apart have one answer, which is worked out once.
 */
export class EndAnswers {
  readonly cluster: Cluster;
  readonly evaluator: FastEvaluator;
  readonly #others: readonly OtherObject[];
  readonly #behaviours: readonly Behaviour[];
  readonly #pairs: PairAnswers;
  readonly #namesBlocks: boolean;
  readonly #hasNames: boolean;
  readonly #nodes: ReadonlyMap<string, string>;
  readonly #numbers = new Map<string, number>();
  readonly #sorts = new Map<Pod, PodSort>();
  readonly #strange = new Map<string, boolean>();
  readonly #answers = new Map<string, AnswerOf>();
  readonly #remarks = new Map<string, unknown>();

  constructor({ cluster, others = [], behaviours = [] }: Seen) {
    this.cluster = cluster;
    this.evaluator = new FastEvaluator(cluster);
    this.#others = others;
    this.#behaviours = behaviours;
    const blocksHoldPods = !behaviours.includes("blocks-skip-pods");
    this.#pairs = new PairAnswers([{ cluster, others, blocksHoldPods, evaluator: this.evaluator }]);
    this.#namesBlocks = !behaviours.includes("blocks-skip-nodes") && blocksOf(cluster).length > 0;
    this.#hasNames = cluster.clusterPolicies.some(({ egress }) =>
      egress.some(({ peers }) => peers.some(({ kind }) => kind === "domain-names")),
    );
    const nodes = [...cluster.nodes.values()];
    this.#nodes = new Map(nodes.flatMap(({ name, addresses }) => addresses.map((own) => [formatAddress(own), name])));
  }

  /** What may pass; what is `settled` is taken to be as given. */
  between(source: Endpoint, destination: Endpoint, settled: readonly MissingFact["kind"][] = []): PairAnswer {
    if (isSubject(source)) {
      if (isSubject(destination)) return this.#ofPods(source, destination);
      return this.#withOutsider("egress", source, destination, settled);
    }
    if (isSubject(destination)) return this.#withOutsider("ingress", destination, source, settled);
    return this.#ofOutsiders(source, destination, settled);
  }

  /** A number for all pods that nothing tells apart, but for the nodes that they run on; others have each their own. */
  sortOf(pod: Pod): number {
    return isPolicyPod(pod) ? this.#sortOf(pod).id : this.#numberOf(outsiderKey({ kind: "pod", pod }));
  }

  /** What is worked out once for many questions. */
  remember<Found>(what: string, find: () => Found): Found {
    if (!this.#remarks.has(what)) this.#remarks.set(what, find());
    return this.#remarks.get(what) as Found;
  }

  #ofPods(source: PodEnd, destination: PodEnd): PairAnswer {
    if (isSamePod(source.pod, destination.pod) || this.#pairs.isWhole) return this.#known(source, destination);
    const [from, to] = [this.#sortOf(source.pod), this.#sortOf(destination.pod)];
    if (from.known === undefined || to.known === undefined) return this.#known(source, destination);
    const [own, other] = [from.known, to.known];
    if (!this.#pairs.mayDepend(own, other)) return this.#known(source, destination);
    const via = viaOf(source, destination);
    return this.#remembered(`${from.id} ${to.id} ${via}`, source, destination, () =>
      this.#pairs.answer([own], [other], via),
    );
  }

  /** No policy selects either, unless an address is that of a pod which is not known. */
  #ofOutsiders(source: Endpoint, destination: Endpoint, settled: readonly MissingFact["kind"][]): PairAnswer {
    const [host, other] = source.kind === "pod" ? [source, destination] : [destination, source];
    if (host.kind !== "pod" || other.kind !== "address" || settled.includes("unknown-pod") || !this.#mayBePod(other)) {
      return this.#known(source, destination);
    }
    const key = `${host === source} ${outsiderKey(host)} ${host.pod.namespace} ${outsiderKey(other)} ${settled.join()}`;
    return this.#remembered(key, source, destination, () => {
      const cluster = this.#clusterOf(host.pod);
      return answerOfPair(cluster, this.#others, source, destination, { behaviours: this.#behaviours, settled });
    });
  }

  #withOutsider(
    direction: Direction,
    subject: PodEnd,
    peer: Endpoint,
    settled: readonly MissingFact["kind"][],
  ): PairAnswer {
    const ends = (own: PodEnd): readonly [Endpoint, Endpoint] => (direction === "egress" ? [own, peer] : [peer, own]);
    const sort = this.#sortOf(subject.pod);
    const place = this.#placeOf(subject.pod, peer);
    if (!this.#mayDepend(direction, sort, peer, settled)) {
      const answer = this.#known(...ends(subject));
      // Without tiers, being on one node only opens what is not open.
      const isOpen = this.cluster.clusterPolicies.length === 0 && isSubset(allConnections, answer.certain);
      if (place !== "not known" || isOpen) return answer;
    }
    const node = place === "not known" ? ` ${subject.pod.node ?? ""}` : "";
    const key = `${direction} ${sort.id} ${place}${node} ${outsiderKey(peer)} ${settled.join()}`;
    return this.#remembered(key, ...ends(subject), () => {
      // Of other pods only the addresses matter here, and those are taken; its own matters only to a pod.
      const isStrange = peer.kind === "address" && !settled.includes("unknown-pod") && this.#mayBePod(peer);
      const own = isStrange ? subject : placed(subject, peer.address?.family ?? 4);
      const cluster = this.#clusterOf(own.pod);
      return answerOfPair(cluster, this.#others, ...ends(own), { behaviours: this.#behaviours, settled });
    });
  }

  /** All that an answer depends on for a pod and an end that no policy selects. */
  #clusterOf(pod: Pod): Cluster {
    const { namespace } = pod;
    const own = this.remember(`cluster of ${namespace}`, () => ({
      ...this.cluster,
      namespaces: new Map([...this.cluster.namespaces].filter(([name]) => name === namespace)),
      policies: this.cluster.policies.filter((policy) => policy.namespace === namespace),
    }));
    return { ...own, pods: [pod] };
  }

  /** Whether what a pod may exchange with an end that no policy selects may depend on what is not known. */
  #mayDepend(
    direction: Direction,
    { known: end }: PodSort,
    peer: Endpoint,
    settled: readonly MissingFact["kind"][],
  ): boolean {
    if (end !== undefined && this.#pairs.mayDependOutside(direction, end)) return true;
    if (peer.kind === "pod") return peer.address === undefined && this.#namesBlocks;
    if (direction === "egress" && this.#hasNames && !settled.includes("domain-name")) return true;
    return !settled.includes("unknown-pod") && this.#mayBePod(peer);
  }

  #mayBePod(end: Endpoint & { readonly kind: "address" }): boolean {
    const key = formatAddress(end.address);
    let answer = this.#strange.get(key);
    if (answer === undefined) this.#strange.set(key, (answer = mayBePod(this.cluster, end)));
    return answer;
  }

  /** Whether a pod runs on the node that another end is, or is on. */
  #placeOf(pod: Pod, end: Endpoint): "own node" | "elsewhere" | "not known" {
    const node = end.kind === "pod" ? (end.pod.node ?? somewhere) : this.#nodes.get(formatAddress(end.address));
    if (node === undefined || (end.kind === "pod" && end.pod.completed)) return "elsewhere";
    if (node === somewhere || pod.node === undefined) return "not known";
    return node === pod.node ? "own node" : "elsewhere";
  }

  #known(source: Endpoint, destination: Endpoint): PairAnswer {
    return known(this.evaluator.connections(source, destination));
  }

  #remembered(key: string, source: Endpoint, destination: Endpoint, find: () => PairAnswer): PairAnswer {
    const found = this.#answers.get(key);
    if (found !== undefined) return renamed(found, source, destination);
    const answer = find();
    this.#answers.set(key, { answer, source, destination });
    return answer;
  }

  #sortOf(pod: Pod): PodSort {
    let sort = this.#sorts.get(pod);
    if (sort === undefined) this.#sorts.set(pod, (sort = this.#newSortOf(pod)));
    return sort;
  }

  #newSortOf(pod: Pod): PodSort {
    const classId = this.evaluator.classOf(pod)?.id ?? podKey(pod);
    if (this.#pairs.isWhole) return { id: this.#numberOf(`class ${classId}`) };
    const known = this.#pairs.end([pod]);
    const directions = ["egress", "ingress"] as const;
    const selecting = directions.map((direction) =>
      othersOf(known, direction).map((other) => this.#others.indexOf(other)),
    );
    return { id: this.#numberOf(`class ${classId} ${JSON.stringify([known.profile, selecting])}`), known };
  }

  #numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.#numbers.size));
    return number;
  }
}

type PodEnd = Endpoint & { readonly kind: "pod" };

interface PodSort {
  readonly id: number;
  /** Absent where nothing is missing. */
  readonly known?: KnownEnd;
}

/** An answer, and the ends that it was asked of. */
interface AnswerOf {
  readonly answer: PairAnswer;
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

/** Instead of a node's name; no name of a node has a space. */
const somewhere = "some node";

function isSubject(end: Endpoint): end is PodEnd {
  return end.kind === "pod" && isPolicyPod(end.pod);
}

function known(certain: ConnectionSet): PairAnswer {
  return { certain, uncertain: noConnections, missing: [] };
}

/** Pods meet at their first addresses, but where one was chosen for its family. */
function viaOf(source: PodEnd, destination: PodEnd): Via {
  const isChosen = [source, destination].some(({ pod }) => pod.addresses.length > 1);
  return isChosen ? ((source.address ?? destination.address)?.family ?? "first") : "first";
}

/** What is asked of an end that no policy selects. */
function outsiderKey(end: Endpoint): string {
  if (end.kind === "address") return formatAddress(end.address);
  const addresses = end.pod.addresses.map(formatAddress).join();
  return `host ${end.pod.node ?? somewhere} ${end.pod.completed} ${end.address && formatAddress(end.address)} ${addresses}`;
}

/** A pod with some address: its own is no matter to an end that has no policies. */
function placed(end: PodEnd, family: Family): PodEnd {
  if (end.address !== undefined) return end;
  const address = parseAddress(family === 4 ? "192.0.2.1" : "2001:db8::1") as Address;
  return { kind: "pod", pod: { ...end.pod, addresses: [address] }, address };
}

/** The answer of a pair that is alike, with facts about these ends. */
function renamed({ answer, ...asked }: AnswerOf, source: Endpoint, destination: Endpoint): PairAnswer {
  const { certain, uncertain } = answer;
  // What is missing takes longer to find than whether something is, and few ask for it.
  return {
    certain,
    uncertain,
    get missing() {
      const names = new Map([...renaming(asked.source, source), ...renaming(asked.destination, destination)]);
      const nameOf = (name: string): string => names.get(name) ?? name;
      return answer.missing.map((fact) => withNames(fact, nameOf));
    },
  };
}

function renaming(before: Endpoint, after: Endpoint): (readonly [string, string])[] {
  return before.kind === "pod" && after.kind === "pod" ? [[podKey(before.pod), podKey(after.pod)]] : [];
}
