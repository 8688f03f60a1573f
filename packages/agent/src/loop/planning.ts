import { type Cidr, type ClusterState, FollowedPods, type NodePlan, NodePlanner, type Pod } from "@podwall/engine";
import type { AnyPolicy, Fallback } from "../last-good.ts";
import { AddressClaims } from "../links/address-claims.ts";
import type { Displaced, PodLinks } from "../links/pod-links.ts";
import type { Snapshot } from "../source/source.ts";
import {
  Admission,
  closedPods,
  podsOfUnknownNamespaces,
  withClusterPodCidrs,
  withPodCidrs,
  withoutPods,
} from "./compile.ts";

export interface PlanningOptions {
  readonly node: string;
  readonly links: PodLinks;
  /** Instead of the Node's pod ranges; empty where the Node says them. */
  readonly podCidrs: readonly Cidr[];
  /** Those of all of the cluster's pods, where Nodes do not say theirs; none where not given. */
  readonly clusterPodCidrs?: readonly Cidr[];
  /**
   * Whether the source tells of every namespace that there is, as an API server does, or may only name one, as manifests do.
   * "told" where not given: then nothing is allowed for a pod whose namespace was not told of.
   */
  readonly namespaces?: "told" | "named";
}

/** What a snapshot comes to for a node. */
export interface Planned {
  readonly snapshot: Snapshot;
  readonly plan: NodePlan;
  /** As it was planned: without the pods of which it is not clear which addresses are theirs. */
  readonly cluster: ClusterState;
  readonly fallbacks: readonly Fallback<AnyPolicy>[];
  /** This node's. */
  readonly pods: readonly Pod[];
  /** Of this node's pods those that nothing is allowed for, as an address of theirs may be another one's. */
  readonly displaced: readonly Displaced[];
  /** Pods of this node that nothing can reach yet, by `namespace/name`, with the reason. */
  readonly closed: ReadonlyMap<string, string>;
}

const strangerBecause = "its namespace is not known yet";

/** Plans a node from snapshot to snapshot, in the order in which they were taken. */
export class Planning {
  readonly #node: string;
  readonly #links: PodLinks;
  readonly #admission = new Admission();
  readonly #pods: FollowedPods;
  readonly #claims = new AddressClaims();
  readonly #planner: NodePlanner;
  readonly #withPodCidrs: (cluster: ClusterState) => ClusterState;
  readonly #withClusterPodCidrs: (cluster: ClusterState) => ClusterState;
  readonly #strangersOf: (cluster: ClusterState) => ReadonlySet<Pod>;

  constructor({ node, links, podCidrs, clusterPodCidrs = [], namespaces }: PlanningOptions) {
    this.#node = node;
    this.#links = links;
    this.#pods = new FollowedPods(node);
    this.#planner = new NodePlanner(node);
    this.#withPodCidrs = withPodCidrs(node, podCidrs);
    this.#withClusterPodCidrs = withClusterPodCidrs(clusterPodCidrs);
    this.#strangersOf = namespaces === "named" ? () => new Set() : podsOfUnknownNamespaces();
  }

  /** Looks for the links of pods anew as well. `now` is in milliseconds of a clock that never goes back. */
  async plan(snapshot: Snapshot, now: number): Promise<Planned> {
    const links = this.#links;
    const { cluster: all, fallbacks } = this.#admission.admit(
      this.#withClusterPodCidrs(this.#withPodCidrs(snapshot.cluster)),
    );
    this.#claims.update(this.#pods.follow(all.pods), snapshot.podUids, now);
    const pods = this.#pods.local;
    const { contested, heldUntil } = this.#claims;
    const elsewhere = await links.refresh({ pods, uids: snapshot.podUids, heldUntil, now });
    const strangers = this.#strangersOf(all);
    const closedStrangers = pods.filter((pod) => strangers.has(pod)).map((pod) => ({ pod, because: strangerBecause }));
    // What is known of when a pod may have its address says more.
    const displaced: readonly Displaced[] = [...closedStrangers, ...elsewhere];
    const isOthers = (pod: Pod): boolean => contested.has(pod) && pod.node !== this.#node;
    const unclear = new Set([...elsewhere.map(({ pod }) => pod), ...strangers, ...[...contested].filter(isOthers)]);
    const cluster = withoutPods(all, unclear);
    const plan = this.#planner.plan(cluster, links.links);
    const closed = new Map([...closedPods(pods, links.links, displaced), ...plan.refused]);
    return { snapshot, plan, cluster, fallbacks, pods, displaced, closed };
  }
}
