import type { Connection, Endpoint } from "../../evaluate/connection.ts";
import { type Cluster, namespaceNameLabel } from "../../model/cluster.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import { formatAddress } from "../../net/address.ts";
import { identifyingLabels } from "./identifying-labels.ts";
import type { YamlValue } from "./write-yaml.ts";

/** A selector of a pod, and of those that are of its workload. */
export function podSelectorOf(cluster: Cluster, pod: Pod): YamlValue {
  const labels = identifyingLabels(cluster, pod);
  return Object.keys(labels).length === 0 ? {} : { matchLabels: labels };
}

/** A NetworkPolicy peer for an end; undefined where nothing is known of it that a peer could name. */
export function peerFor(cluster: Cluster, namespace: string, end: Endpoint): YamlValue | undefined {
  if (end.kind === "pod" && isPolicyPod(end.pod)) {
    const podSelector = podSelectorOf(cluster, end.pod);
    if (end.pod.namespace === namespace) return { podSelector };
    return { namespaceSelector: { matchLabels: { [namespaceNameLabel]: end.pod.namespace } }, podSelector };
  }
  if (end.address === undefined) return undefined;
  return { ipBlock: { cidr: `${formatAddress(end.address)}/${end.address.family === 4 ? 32 : 128}` } };
}

/** An item of `ports` for a connection. */
export function portFor({ protocol, port }: Pick<Connection, "protocol" | "port">): YamlValue {
  return protocol === "TCP" ? { port } : { protocol, port };
}
