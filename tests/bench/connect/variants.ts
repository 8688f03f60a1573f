import {
  type ApiObject,
  type Cluster,
  type NetworkPolicy,
  type Pod,
  clusterFrom,
  decodeRaw,
  parseAddress,
} from "@podwall/engine";
import { generatedState, inputNamed } from "../agent/generated-state.ts";
import type { RawObject } from "../agent/bench-source.ts";

/** What is between the two ends of a connection. */
export interface Variant {
  readonly name: string;
  /** What the node enforces; undefined where there is no podwall table. */
  readonly cluster?: Cluster;
  /** Rules that a packet passes one by one, none of which is about it. */
  readonly linearRules?: number;
}

export const node = "bench";
/** The port that every variant allows. */
export const port = 8080;
export const ends = { client: "10.64.200.2", server: "10.64.200.3" } as const;

const policiesInCluster = 10_000;
const policiesOnPod = 1_000;

/** The first is what the others are compared with; the second is the same again. */
export function variants(): Variant[] {
  const open = clusterOf([]);
  return [
    { name: "podwall, no policies", cluster: open },
    { name: "podwall, no policies, again", cluster: open },
    { name: `podwall, ${policiesInCluster} policies in the cluster`, cluster: largeCluster() },
    { name: `podwall, ${policiesOnPod} policies on the server`, cluster: clusterOf(policiesOfServer()) },
    { name: "no table" },
    { name: `a chain of ${policiesOnPod} rules`, linearRules: policiesOnPod },
    { name: `a chain of ${policiesInCluster} rules`, linearRules: policiesInCluster },
  ];
}

function pod(name: keyof typeof ends, namespace: string): Pod {
  const address = parseAddress(ends[name]);
  if (address === undefined) throw new Error(`${ends[name]} is no address`);
  const labels = new Map([["app", name === "client" ? "app-1" : "app-2"]]);
  return {
    kind: "Pod",
    namespace,
    name,
    labels,
    node,
    hostNetwork: false,
    completed: false,
    addresses: [address],
    ports: [],
  };
}

function clusterOf(policies: readonly NetworkPolicy[]): Cluster {
  return clusterFrom([pod("client", "bench"), pod("server", "bench"), ...policies]);
}

/** Each lets in other applications on other ports; one lets the client in. */
function policiesOfServer(): NetworkPolicy[] {
  return Array.from({ length: policiesOnPod }, (_, index): NetworkPolicy => {
    const isClients = index === policiesOnPod - 1;
    const app = isClients ? "app-1" : `other-${index}`;
    const first = isClients ? port : 10_000 + index;
    return {
      kind: "NetworkPolicy",
      namespace: "bench",
      name: `policy-${index}`,
      podSelector: { requirements: [{ key: "app", operator: "In", values: ["app-2"] }] },
      directions: ["ingress"],
      ingress: [
        {
          path: "spec.ingress[0]",
          peers: [
            {
              kind: "pods",
              path: "peer",
              podSelector: { requirements: [{ key: "app", operator: "In", values: [app] }] },
            },
          ],
          ports: [{ path: "port", protocol: "TCP", port: { kind: "interval", first, last: first } }],
        },
      ],
      egress: [],
    };
  });
}

/** Ten thousand pods of two hundred namespaces, and in one of them both ends: it lets its pods reach each other. */
function largeCluster(): Cluster {
  const input = inputNamed("10k/2k", "standard");
  const profile = { ...input.profile, name: "10k/10k", policies: policiesInCluster };
  const objects = generatedState({ ...input, profile }).flatMap(decoded);
  return clusterFrom([...objects, pod("client", "ns-0000"), pod("server", "ns-0000")]);
}

function decoded(raw: RawObject): ApiObject[] {
  const { apiVersion, kind } = raw as RawObject & { readonly apiVersion: string };
  const { object } = decodeRaw(raw, { apiVersion, kind });
  return object === undefined ? [] : [object];
}
