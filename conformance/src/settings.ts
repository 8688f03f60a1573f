/** What a run was asked for. */
export interface Settings {
  readonly suites: readonly SuiteName[];
  /** Only specs whose name has this in it, as a regular expression. */
  readonly focus: string | undefined;
  /** `usual` is all specs but those that cyclonus generates, and of those a tenth; `ci` is a choice that takes some minutes. */
  readonly share: "all" | "usual" | "ci";
  readonly nodes: 1 | 2;
  readonly proxyMode: "nftables" | "iptables";
  /** `dual`: nodes, pods and Services have addresses of IPv6 too. */
  readonly families: "ipv4" | "dual";
  /** What gives pods their links: one each to the node, or one each to a bridge of the node. */
  readonly cni: "ptp" | "bridge";
  /** Specs at a time, where a suite can do that. */
  readonly processes: number;
  /** How often the suites are run, one after another. */
  readonly rounds: number;
  /** Installs no agent: shows that the suites fail where nobody enforces. */
  readonly withoutAgent: boolean;
  /** Starts the cluster, runs nothing and waits for Ctrl-C. */
  readonly hold: boolean;
}

export type SuiteName =
  | "install"
  | "doctor"
  | "probe"
  | "corners"
  | "network-policy"
  | "cyclonus"
  | "cluster-network-policy";

/** What the run inside the namespaces needs of what was made outside. */
export interface Prepared {
  readonly settings: Settings;
  /** The checkout. */
  readonly root: string;
  /** A folder of this run's own, gone afterwards. */
  readonly work: string;
  /** Where logs and results stay. */
  readonly results: string;
  /** Programs by name, built from Go modules. */
  readonly programs: Readonly<Record<string, string>>;
  /** Archives of images that every node gets. */
  readonly images: readonly string[];
  /** The agent's image, as `name:tag`. */
  readonly agentImage: string;
  /** The unpacked source of network-policy-api. */
  readonly policyApi: string;
  /** Whether this kernel has SCTP sockets. Where not, the tests of ClusterNetworkPolicy were built to leave its probes out. */
  readonly hasSctp: boolean;
  /** What the results depend on, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** The cgroups of this run, below each hierarchy. */
  readonly cgroup: string;
}
