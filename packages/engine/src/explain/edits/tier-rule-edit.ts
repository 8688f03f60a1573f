import type { Connection, Endpoint } from "../../evaluate/connection.ts";
import type { TierMatch } from "../../evaluate/verdict.ts";
import { type Cluster, namespaceNameLabel } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import { isPolicyPod } from "../../model/pod.ts";
import { formatAddress } from "../../net/address.ts";
import type { Edit } from "./edit.ts";
import { itemBefore } from "./edit-list.ts";
import { podSelectorOf } from "./peer-values.ts";
import type { YamlValue } from "./write-yaml.ts";

/** A rule that accepts one connection, before the rule of a tier that denies it. */
export function tierRuleBefore(
  cluster: Cluster,
  connection: Connection,
  direction: Direction,
  { policy, rule }: TierMatch,
): Edit | undefined {
  const peer = tierPeerFor(cluster, direction === "egress" ? connection.destination : connection.source, direction);
  if (rule.range === undefined || peer === undefined) return undefined;
  const { protocol, port } = connection;
  const isCurrent = policy.kind === "ClusterNetworkPolicy";
  const accept: YamlValue = {
    action: isCurrent ? "Accept" : "Allow",
    [direction === "ingress" ? "from" : "to"]: [peer],
    ...(isCurrent
      ? { protocols: [{ [protocol.toLowerCase()]: { destinationPort: { number: port } } }] }
      : { ports: [{ portNumber: { protocol, port } }] }),
  };
  const change = itemBefore(rule.range, accept);
  const summary = `add a rule before ${policy.kind} ${policy.name} ${rule.path}`;
  return change && { kind: "add-rule", summary, changes: [change] };
}

function tierPeerFor(cluster: Cluster, end: Endpoint, direction: Direction): YamlValue | undefined {
  if (end.kind === "pod" && isPolicyPod(end.pod)) {
    const namespaceSelector = { matchLabels: { [namespaceNameLabel]: end.pod.namespace } };
    return { pods: { namespaceSelector, podSelector: podSelectorOf(cluster, end.pod) } };
  }
  if (direction === "ingress" || end.address === undefined) return undefined;
  return { networks: [`${formatAddress(end.address)}/${end.address.family === 4 ? 32 : 128}`] };
}
