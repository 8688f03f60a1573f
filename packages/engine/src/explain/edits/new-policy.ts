import type { Connection } from "../../evaluate/connection.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Direction } from "../../model/network-policy.ts";
import type { Pod } from "../../model/pod.ts";
import { formatAddress } from "../../net/address.ts";
import type { Edit } from "./edit.ts";
import { peerFor, podSelectorOf, portFor } from "./peer-values.ts";
import { type YamlValue, yamlLines } from "./write-yaml.ts";

/** A policy of its own that allows one connection at one end. */
export function policyToAllow(
  cluster: Cluster,
  connection: Connection,
  direction: Direction,
  subject: Pod,
): Edit | undefined {
  const end = direction === "egress" ? connection.destination : connection.source;
  const peer = peerFor(cluster, subject.namespace, end);
  if (peer === undefined) return undefined;
  const [preposition, key] = direction === "ingress" ? (["from", "from"] as const) : (["to", "to"] as const);
  const other = end.kind === "pod" ? ownerName(end.pod) : formatAddress(end.address);
  const name = `${ownerName(subject)}-${preposition}-${other}`;
  return newPolicy(cluster, subject, direction, name, {
    [direction]: [{ [key]: [peer], ports: [portFor(connection)] }],
  });
}

/** A policy that isolates a pod, and those of its workload, for a direction and allows nothing. */
export function policyToDeny(cluster: Cluster, direction: Direction, subject: Pod): Edit {
  return newPolicy(cluster, subject, direction, `${ownerName(subject)}-deny-${direction}`, {});
}

function newPolicy(
  cluster: Cluster,
  subject: Pod,
  direction: Direction,
  wantedName: string,
  rules: { readonly [key: string]: YamlValue },
): Edit {
  const { namespace } = subject;
  const name = freeName(cluster, namespace, wantedName);
  const policy: YamlValue = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace, name },
    spec: {
      podSelector: podSelectorOf(cluster, subject),
      policyTypes: [direction === "ingress" ? "Ingress" : "Egress"],
      ...rules,
    },
  };
  return {
    kind: "add-policy",
    summary: `add NetworkPolicy ${namespace}/${name}`,
    changes: [],
    added: yamlLines(policy).join("\n"),
  };
}

function ownerName(pod: Pod): string {
  return pod.workload?.name ?? pod.name;
}

/** A name that no policy of the namespace has, at most 253 characters of those that names may have. */
function freeName(cluster: Cluster, namespace: string, wanted: string): string {
  const base = wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .slice(0, 240)
    .replaceAll(/^-+|-+$/g, "");
  const taken = new Set(cluster.policies.filter((policy) => policy.namespace === namespace).map(({ name }) => name));
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}-${count}`;
  return name;
}
