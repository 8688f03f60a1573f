import { allowedBy, connections } from "../../evaluate/connections.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import type { Cluster } from "../../model/cluster.ts";
import { type ConnectionSet, formatConnections, intersect } from "../../net/connection-set.ts";
import { behaveAs, endIn } from "./behave-as.ts";
import { type Behaviour, behaviourEntries } from "./dialect.ts";

/** Something that plugins may do with two ends in another way than podwall judges. */
export interface PluginDifference {
  readonly behaviour: Behaviour;
  /** What may pass under it. */
  readonly connections: ConnectionSet;
}

/** How what may pass between two ends depends on the network plugin, one behaviour at a time. */
export function pluginDifferences(
  cluster: Cluster,
  source: Endpoint,
  destination: Endpoint,
): readonly PluginDifference[] {
  const given = formatConnections(connections(cluster, source, destination));
  return (Object.keys(behaviourEntries) as Behaviour[]).flatMap((behaviour) => {
    const found = connectionsUnder(cluster, behaviour, source, destination);
    return formatConnections(found) === given ? [] : [{ behaviour, connections: found }];
  });
}

function connectionsUnder(
  cluster: Cluster,
  behaviour: Behaviour,
  source: Endpoint,
  destination: Endpoint,
): ConnectionSet {
  const changed = behaveAs(cluster, [behaviour]);
  const [from, to] = [endIn(changed, source), endIn(changed, destination)];
  if (behaviour !== "own-node-egress-judged") return connections(changed, from, to);
  // What comes from the own node is exempt all the same.
  return intersect(allowedBy(changed, "egress", from, to), allowedBy(cluster, "ingress", source, destination));
}
