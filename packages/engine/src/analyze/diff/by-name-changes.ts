import type { Cluster } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import { type ConnectionSet, formatConnections, noConnections, union } from "../../net/connection-set.ts";
import { namedDestinations } from "../../evaluate/named-destinations.ts";
import type { PodClass } from "../../evaluate/fast/pod-class.ts";
import type { PodGroup, State } from "./pod-groups.ts";

/** What groups may send elsewhere by a domain name now. */
export interface NameChange {
  readonly domain: string;
  readonly before: ConnectionSet;
  readonly after: ConnectionSet;
  readonly groups: readonly number[];
}

/** What changed of what pods reach by name. */
export function nameChanges(before: State, after: State, groups: readonly PodGroup[]): readonly NameChange[] {
  const [was, is] = [namesReader(before.cluster), namesReader(after.cluster)];
  const changes = new Map<string, NameChange & { groups: number[] }>();
  for (const [index, group] of groups.entries()) {
    const [old, now] = [was(group.before), is(group.after)];
    for (const domain of new Set([...old.keys(), ...now.keys()])) {
      const [from, to] = [old.get(domain) ?? noConnections, now.get(domain) ?? noConnections];
      const [fromText, toText] = [formatConnections(from), formatConnections(to)];
      if (fromText === toText) continue;
      const key = `${domain} ${fromText} > ${toText}`;
      const same = changes.get(key);
      if (same === undefined) changes.set(key, { domain, before: from, after: to, groups: [index] });
      else same.groups.push(index);
    }
  }
  return [...changes.values()];
}

type ByName = ReadonlyMap<string, ConnectionSet>;

const noNames: ByName = new Map();

function namesReader(cluster: Cluster): (podClass: PodClass | undefined) => ByName {
  const peers = cluster.clusterPolicies.flatMap(({ egress }) => egress.flatMap((rule) => rule.peers));
  if (!peers.some(({ kind }) => kind === "domain-names")) return () => noNames;
  const known = new Map<PodClass, ByName>();
  return (podClass) => {
    if (podClass === undefined) return noNames;
    let names = known.get(podClass);
    if (names === undefined) known.set(podClass, (names = namesOf(cluster, podClass)));
    return names;
  };
}

function namesOf(cluster: Cluster, { pods }: PodClass): ByName {
  const names = new Map<string, ConnectionSet>();
  const [pod] = pods;
  for (const { domainNames, connections } of namedDestinations(cluster, pod as Pod)) {
    for (const name of domainNames) names.set(name, union(names.get(name) ?? noConnections, connections));
  }
  return names;
}
