import { type NamedDestinations, namedDestinations } from "../../evaluate/named-destinations.ts";
import { tierRules } from "../../evaluate/tier-rules.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import type { Address } from "../../net/address.ts";
import {
  type ConnectionSet,
  allConnections,
  formatConnections,
  intersect,
  isEmpty,
  noConnections,
  subtract,
  union,
} from "../../net/connection-set.ts";
import type { MissingFact } from "../unknown/missing-fact.ts";
import { answerOfPair, policiesOf } from "../unknown/missing-facts.ts";
import { askedNamespaceKeys, labelled, namespaceLabelChoices } from "../unknown/namespace-variation.ts";
import type { PairAnswer } from "../unknown/pair-answer.ts";
import { oneOfEachSort } from "../unknown/pairs/one-of-each-sort.ts";
import { isOnlyNamed, subjectsAsk } from "../unknown/pairs/ways.ts";
import type { Seen } from "./end-answers.ts";
import { addressSamples, namesAt, ofPodAlone } from "./name-addresses.ts";
import type { ReachedNames } from "./reach.ts";
import { distinctFacts, reached } from "./reached.ts";

/**
 * What rules accept by name, and whether it passes: that may depend on which addresses the names stand for, since other
 * rules may treat some of them differently.
 */
export function reachedNames(seen: Seen, pod: Pod, only: ConnectionSet): readonly ReachedNames[] {
  if (!isPolicyPod(pod) || !acceptsNames(seen.cluster)) return [];
  const cluster = ofPodAlone(seen.cluster, pod);
  const addresses = addressSamples(cluster, pod);
  const ways = labelWays(cluster, pod);
  const rows = new Map<
    string,
    { readonly domainNames: readonly string[]; readonly answers: Map<Cluster, PairAnswer> }
  >();
  for (const way of ways) {
    for (const named of namedDestinations(way, pod)) {
      const key = `${named.policy.kind} ${named.policy.name} ${named.rule.path}`;
      const row = rows.get(key) ?? { domainNames: named.domainNames, answers: new Map<Cluster, PairAnswer>() };
      row.answers.set(way, acrossAddresses(seen, way, pod, named, addresses));
      rows.set(key, row);
    }
  }
  const fact: MissingFact = { kind: "namespace-labels", namespace: pod.namespace, keys: askedNamespaceKeys(cluster) };
  return [...rows.values()].flatMap(({ domainNames, answers }) => {
    const inWays = ways.map((way) => answers.get(way) ?? nothing);
    const set = reached(across(inWays, fact), only);
    return set === undefined ? [] : [{ domainNames, ...set }];
  });
}

/** As `reachedNames`, for pods that policies treat alike: what passes from all of them, and what from some. */
export function reachedNamesOfAll(seen: Seen, pods: readonly Pod[]): readonly ReachedNames[] {
  const { others = [] } = seen;
  const samples = oneOfEachSort(pods, (pod) => policiesOf(others, pod, "egress").map((other) => others.indexOf(other)));
  const byNames = new Map<string, { readonly domainNames: readonly string[]; readonly answers: PairAnswer[] }>();
  for (const pod of samples) {
    for (const { domainNames, connections, unknown } of reachedNames(seen, pod, allConnections)) {
      const row = byNames.get(domainNames.join()) ?? { domainNames, answers: [] };
      const { connections: uncertain, missing } = unknown ?? { connections: noConnections, missing: [] };
      row.answers.push({ certain: connections, uncertain, missing });
      byNames.set(domainNames.join(), row);
    }
  }
  return [...byNames.values()].flatMap(({ domainNames, answers }) => {
    const set = reached(answers.reduce(together), allConnections);
    return set === undefined ? [] : [{ domainNames, ...set }];
  });
}

function together(a: PairAnswer, b: PairAnswer): PairAnswer {
  const certain = intersect(a.certain, b.certain);
  const possible = [a.certain, a.uncertain, b.certain, b.uncertain].reduce(union);
  return { certain, uncertain: subtract(possible, certain), missing: [...a.missing, ...b.missing] };
}

const nothing: PairAnswer = { certain: noConnections, uncertain: noConnections, missing: [] };

/** Whether some rule is for what is reached by name. */
export function acceptsNames({ clusterPolicies }: Cluster): boolean {
  return clusterPolicies.some(({ egress }) =>
    egress.some(({ peers }) => peers.some(({ kind }) => kind === "domain-names")),
  );
}

/** The cluster with each choice of labels of a pod's namespace, where these say which policies select it. */
function labelWays(cluster: Cluster, { namespace }: Pod): readonly Cluster[] {
  const own = cluster.namespaces.get(namespace);
  if (own === undefined || !isOnlyNamed(cluster, namespace) || !subjectsAsk(cluster)) return [cluster];
  return namespaceLabelChoices([cluster]).map((choice) => ({
    ...cluster,
    namespaces: new Map([...cluster.namespaces, [namespace, { ...labelled(own, choice), declared: true }]]),
  }));
}

/** What passes of what a rule accepts, whichever addresses the names stand for. */
function acrossAddresses(
  { others = [], behaviours = [] }: Seen,
  way: Cluster,
  pod: Pod,
  { domainNames, connections, ...named }: NamedDestinations,
  addresses: readonly Address[],
): PairAnswer {
  if (policiesOf(others, pod, "egress").length === 0 && isFirst(way, pod, named)) {
    return { certain: connections, uncertain: noConnections, missing: [] };
  }
  const answers = addresses.map((address): PairAnswer => {
    const cluster = namesAt(way, domainNames, address);
    const end: Endpoint = { kind: "address", address };
    const settled = ["unknown-pod", "domain-name", "pod-address", "placement"] as const;
    const found = answerOfPair(cluster, others, endpointOf(pod, address.family), end, { behaviours, settled });
    const certain = intersect(connections, found.certain);
    return { certain, uncertain: intersect(connections, found.uncertain), missing: found.missing };
  });
  return across(answers, { kind: "name-addresses", domainNames });
}

/** Whether no rule that comes before may be for an address that a name stands for: quick, and so for most. */
function isFirst(cluster: Cluster, pod: Pod, { policy, rule }: Pick<NamedDestinations, "policy" | "rule">): boolean {
  const tiers = policy.tier === "Admin" ? (["Admin"] as const) : (["Admin", "Baseline"] as const);
  const rules = tiers.flatMap((tier) => tierRules(cluster, pod, tier, "egress"));
  const before = rules.slice(
    0,
    rules.findIndex((one) => one.rule === rule),
  );
  return before.every(({ rule: { action, peers } }) =>
    peers.every(({ kind }) => kind === "selected-pods" || (kind === "domain-names" && action === "Accept")),
  );
}

/** The answer where it is one of these, which `fact` tells. */
function across(answers: readonly PairAnswer[], fact: MissingFact): PairAnswer {
  const certain = answers.map((answer) => answer.certain).reduce(intersect);
  const possible = answers.flatMap((answer) => [answer.certain, answer.uncertain]).reduce(union);
  const uncertain = subtract(possible, certain);
  if (isEmpty(uncertain)) return { certain, uncertain, missing: [] };
  const texts = answers.map((one) => `${formatConnections(one.certain)} ${formatConnections(one.uncertain)}`);
  const own = answers.flatMap(({ missing }) => missing);
  return { certain, uncertain, missing: distinctFacts(new Set(texts).size > 1 ? [fact, ...own] : own) };
}
