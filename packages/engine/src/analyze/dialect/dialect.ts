/** A network plugin that is known to judge something in another way than the API says. */
export type Dialect = "cilium" | "calico" | "azure";

export const dialects: readonly Dialect[] = ["cilium", "calico", "azure"];

/**
 * A way in which plugins differ. `blocks-skip-pods`: no `ipBlock` holds the address of a pod; upstream's tests require
 * that it does. `blocks-skip-nodes`: nor that of a node. `end-port-ignored`: of a range only its first port is open.
 * `host-network-pods-selected`: a hostNetwork pod is one that selectors select; the API leaves both open.
 * `own-node-egress-judged`: what a pod sends to its own node is judged; the API's text has no exception for egress.
 */
export type Behaviour =
  | "blocks-skip-pods"
  | "blocks-skip-nodes"
  | "end-port-ignored"
  | "host-network-pods-selected"
  | "own-node-egress-judged";

/** What a plugin is called, and how it differs. */
export interface DialectEntry {
  readonly name: string;
  readonly behaviours: readonly Behaviour[];
}

export const dialectEntries: Readonly<Record<Dialect, DialectEntry>> = {
  cilium: { name: "Cilium", behaviours: ["blocks-skip-pods", "blocks-skip-nodes"] },
  // Blocks hold pods (projectcalico/calico#6634), hostNetwork pods are not selected (#4667): as podwall judges.
  calico: { name: "Calico", behaviours: [] },
  azure: { name: "Azure NPM", behaviours: ["end-port-ignored"] },
};

/** What a behaviour means, and where that is known from. */
export interface BehaviourEntry {
  readonly meaning: string;
  readonly source: string;
  /** Whose it is known to be; where nobody's, the API leaves it open. */
  readonly who: string;
}

export const behaviourEntries: Readonly<Record<Behaviour, BehaviourEntry>> = {
  "blocks-skip-pods": {
    meaning: "no ipBlock holds a pod's address",
    source: "cilium/cilium#35212, #19601",
    who: "Cilium",
  },
  "blocks-skip-nodes": {
    meaning: "no ipBlock holds a node's address",
    source: "cilium/cilium#35212, #19601",
    who: "Cilium",
  },
  "end-port-ignored": {
    meaning: "endPort is ignored, and only `port` is open",
    source: "kubernetes.io/docs, Network Policies; Azure/azure-container-networking#2313",
    who: "Azure NPM, and plugins without endPort",
  },
  "host-network-pods-selected": {
    meaning: "a hostNetwork pod is selected like any other",
    source: "kubernetes.io/docs, Network Policies: NetworkPolicy and hostNetwork pods",
    who: "plugins that support hostNetwork pods",
  },
  "own-node-egress-judged": {
    meaning: "what a pod sends to its own node is judged like the rest of its egress",
    source: "k8s.io/api networking/v1, egress",
    who: "plugins that exempt only what comes from the own node",
  },
};
