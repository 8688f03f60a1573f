import type { Cluster } from "../../model/cluster.ts";
import type { ContainerPort, Pod } from "../../model/pod.ts";
import type { Labels } from "../../model/selector.ts";
import { formatAddress } from "../../net/address.ts";
import { askedBy, policySpec } from "../../evaluate/fast/policy-uses.ts";

/** Tells of pods whether a rule that is the same may say another of them in another state of the cluster. */
export class PodChanges {
  /** The labels that any selector asks about. */
  readonly #keys: readonly string[];
  /** The namespaces with other labels. */
  readonly #namespaces: ReadonlySet<string>;
  /** Of nodes, where these are others. */
  readonly #nodeAddresses: ReadonlySet<string>;

  constructor(before: Cluster, after: Cluster) {
    this.#keys = labelsAskedAbout([before, after]);
    const names = new Set([...before.namespaces.keys(), ...after.namespaces.keys()]);
    const labelsOf = ({ namespaces }: Cluster, name: string): Labels => namespaces.get(name)?.labels ?? noLabels;
    this.#namespaces = new Set([...names].filter((name) => !sameLabels(labelsOf(before, name), labelsOf(after, name))));
    this.#nodeAddresses = nodesDiffer(before, after) ? nodeAddresses([before, after]) : new Set();
  }

  isOther(before: Pod | undefined, after: Pod | undefined): boolean {
    if (before === undefined || after === undefined) return true;
    if (before === after && this.#namespaces.size === 0 && this.#nodeAddresses.size === 0) return false;
    return (
      this.#namespaces.has(after.namespace) ||
      this.#keys.some((key) => before.labels.get(key) !== after.labels.get(key)) ||
      portsText(before.ports) !== portsText(after.ports) ||
      addressesText(before) !== addressesText(after) ||
      after.addresses.some((address) => this.#nodeAddresses.has(formatAddress(address)))
    );
  }
}

const noLabels: Labels = new Map();

function labelsAskedAbout(clusters: readonly Cluster[]): readonly string[] {
  const policies = clusters.flatMap(({ policies: own, clusterPolicies }) => [...own, ...clusterPolicies]);
  return [...askedBy(policies.map(policySpec)).labels];
}

function sameLabels(a: Labels, b: Labels): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/** Whether what rules ask about nodes may have other answers. */
export function nodesDiffer(before: Cluster, after: Cluster): boolean {
  return nodesText(before) !== nodesText(after);
}

function nodesText({ nodes }: Cluster): string {
  const texts = [...nodes.values()].map(({ name, labels, addresses, podCidrs }) => [
    name,
    [...labels].sort(([a], [b]) => (a < b ? -1 : 1)),
    addresses.map(formatAddress),
    podCidrs.map(({ first, prefix }) => `${formatAddress(first)}/${prefix}`),
  ]);
  return JSON.stringify(texts.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)));
}

function nodeAddresses(clusters: readonly Cluster[]): ReadonlySet<string> {
  const nodes = clusters.flatMap((cluster) => [...cluster.nodes.values()]);
  return new Set(nodes.flatMap(({ addresses }) => addresses.map(formatAddress)));
}

function portsText(ports: readonly ContainerPort[]): string {
  return ports
    .map(({ name, protocol, port }) => `${name ?? ""}/${protocol}/${port}`)
    .sort()
    .join(" ");
}

function addressesText({ addresses }: Pod): string {
  return addresses.map(formatAddress).join(" ");
}
