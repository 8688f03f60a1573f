import { connections } from "../../evaluate/connections.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { namedDestinations } from "../../evaluate/named-destinations.ts";
import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import type { Address } from "../../net/address.ts";
import { type ConnectionSet, intersect, noConnections, union } from "../../net/connection-set.ts";
import type { LabelChoice } from "../unknown/label-choices.ts";
import { labelled } from "../unknown/namespace-variation.ts";
import { isOnlyNamed } from "../unknown/pairs/ways.ts";
import { namesAt } from "./name-addresses.ts";

/** Ways in which things may be of which what a pod reaches by name may depend. */
export interface NameWays {
  /** Labels that the pod's namespace may have, where only its name is known. */
  readonly labels: readonly LabelChoice[];
  /** What names may stand for. */
  readonly addresses: readonly Address[];
}

/** What a pod reaches by each name that rules accept, in each of the ways: for each labels, each address. */
export function namedInWays(cluster: Cluster, pod: Pod, ways: NameWays): ReadonlyMap<string, readonly ConnectionSet[]> {
  const found = new Map<string, ConnectionSet[]>();
  if (!isPolicyPod(pod)) return found;
  const count = ways.labels.length * ways.addresses.length;
  for (const [place, choice] of ways.labels.entries()) {
    const way = withLabels(cluster, pod, choice);
    for (const { domainNames, connections: accepted } of namedDestinations(way, pod)) {
      for (const name of domainNames) {
        const sets = found.get(name) ?? Array.from({ length: count }, () => noConnections);
        found.set(name, sets);
        for (const [index, address] of ways.addresses.entries()) {
          const at = place * ways.addresses.length + index;
          const end = { kind: "address", address } as const;
          const passing = connections(namesAt(way, [name], address), endpointOf(pod, address.family), end);
          sets[at] = union(sets[at] as ConnectionSet, intersect(accepted, passing));
        }
      }
    }
  }
  return found;
}

function withLabels(cluster: Cluster, { namespace }: Pod, choice: LabelChoice): Cluster {
  const own = cluster.namespaces.get(namespace);
  if (own === undefined || !isOnlyNamed(cluster, namespace)) return cluster;
  return { ...cluster, namespaces: new Map([...cluster.namespaces, [namespace, labelled(own, choice)]]) };
}
