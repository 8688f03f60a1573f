import {
  type Cluster,
  type Endpoint,
  type Pod,
  endpointAt,
  endpointOf,
  nearest,
  parseAddress,
  podKey,
} from "@podwall/engine";

/** A person's word for one end of a connection, found in a cluster; or why it is not. */
export type FoundEndpoint =
  | { readonly endpoint: Endpoint; readonly given: "address" | "name" }
  | { readonly problem: string };

/**
 * Finds `[namespace/]name` or `[namespace/]kind/name`, a pod or any pod of a workload, or an IP address. Without a
 * namespace the name is looked for in the preferred namespace; where it is not there, it must be in one namespace only, or in
 * `default`.
 */
export function findEndpoint(cluster: Cluster, text: string, preferred = "default"): FoundEndpoint {
  const address = parseAddress(text.replace(/^\[(.*)\]$/, "$1"));
  if (address !== undefined) return { endpoint: endpointAt(cluster, address), given: "address" };
  const wanted = parseName(text, cluster);
  const found = cluster.pods.filter(
    (pod) => (wanted.namespace === undefined || pod.namespace === wanted.namespace) && isNamed(pod, wanted),
  );
  const [first] = found;
  if (first === undefined) return { problem: notFound(cluster, text) };
  const namespaces = [...new Set(found.map((pod) => pod.namespace))].sort();
  const inPreferred = found.find((pod) => pod.namespace === preferred);
  if (inPreferred !== undefined) return { endpoint: endpointOf(inPreferred), given: "name" };
  if (namespaces.length === 1) return { endpoint: endpointOf(first), given: "name" };
  const candidates = namespaces.map((namespace) => `${namespace}/${wanted.name}`).join(", ");
  return { problem: `"${text}" is in several namespaces: say which: ${candidates}` };
}

/** A source or destination with its port: `DST[:PORT[/PROTOCOL]]`. */
export interface Target {
  readonly name: string;
  readonly port?: number;
  readonly protocol: "TCP" | "UDP" | "SCTP";
}

/** Takes `DST[:PORT[/PROTOCOL]]` apart; a text is why it cannot be. An IPv6 address with a port stands in brackets. */
export function parseTarget(text: string): Target | string {
  const match = /^(\[[^\]]*\]|[^:]*|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?::([^/:]+)(?:\/(\w+))?)?$/.exec(
    text,
  );
  const name = match?.[1];
  if (match === null || name === undefined || name === "") {
    return `"${text}" is not NAME, NAME:PORT or NAME:PORT/PROTOCOL (an IPv6 address with a port stands in brackets)`;
  }
  const protocol = (match[3] ?? "TCP").toUpperCase();
  if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP") {
    return `"${match[3]}" is not a protocol: write tcp, udp or sctp`;
  }
  if (match[2] === undefined) return { name, protocol };
  const port = Number(match[2]);
  if (!/^\d+$/.test(match[2]) || port < 1 || port > 65535)
    return `"${match[2]}" is not a port: write a number from 1 to 65535`;
  return { name, port, protocol };
}

interface WantedName {
  readonly namespace?: string;
  readonly kind?: string;
  readonly name: string;
}

const kinds: Readonly<Record<string, string>> = {
  pod: "Pod",
  po: "Pod",
  deployment: "Deployment",
  deploy: "Deployment",
  replicaset: "ReplicaSet",
  rs: "ReplicaSet",
  statefulset: "StatefulSet",
  sts: "StatefulSet",
  daemonset: "DaemonSet",
  ds: "DaemonSet",
  job: "Job",
  cronjob: "CronJob",
  cj: "CronJob",
  replicationcontroller: "ReplicationController",
  rc: "ReplicationController",
};

/** `a/b` is a namespace and a name, unless there is no namespace `a` and `a` is a kind, as kubectl writes it. */
function parseName(text: string, cluster: Cluster): WantedName {
  const parts = text.split("/");
  const [first = "", second = "", third] = parts;
  if (third !== undefined) return { namespace: first, kind: kindOf(second), name: third };
  if (parts.length === 1) return { name: first };
  return !cluster.namespaces.has(first) && Object.hasOwn(kinds, first.toLowerCase())
    ? { kind: kindOf(first), name: second }
    : { namespace: first, name: second };
}

function kindOf(word: string): string {
  const lower = word.toLowerCase();
  return Object.hasOwn(kinds, lower) ? (kinds[lower] as string) : word;
}

function isNamed(pod: Pod, { kind, name }: WantedName): boolean {
  const isPod = pod.name === name && (kind === undefined || kind === "Pod");
  return isPod || (pod.workload?.name === name && (kind === undefined || kind === pod.workload.kind));
}

function notFound(cluster: Cluster, text: string): string {
  if (/^(?:[^/]+\/)?(?:svc|services?)\/[^/]+$/i.test(text)) {
    return `"${text}" is a Service, which is a destination with one other end; name a pod or a workload here`;
  }
  if (text === "world") return '"world" is one of two ends: write `world DST` or `SRC world`';
  if (/:\w+(?:\/\w+)?$/.test(text) && !text.includes("::")) {
    return `"${text}": a port stands behind the destination, not behind the source`;
  }
  if (/^[\d.]+$/.test(text)) return `"${text}" is no IP address, and no name of a pod or workload in the input`;
  const names = new Set<string>();
  for (const pod of cluster.pods) {
    const owner = pod.workload?.name ?? pod.name;
    names.add(owner).add(`${pod.namespace}/${owner}`).add(podKey(pod)).add(pod.name);
  }
  const near = nearest(text, [...names]);
  const hint = near === undefined ? "`podwall map` lists all names" : `did you mean ${near}?`;
  return `there is no pod or workload "${text}" in the input; ${hint}`;
}
