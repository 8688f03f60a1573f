import { type ApiObject, type Cluster, type Pod, type Workload, clusterFrom, podKey } from "@podwall/engine";
import { type OutsideWorld, outsideWorldOf } from "./outside-world.ts";
import { Placement, type PlacementOptions } from "./placement.ts";
import { withDns } from "./with-dns.ts";

export interface SceneOptions extends PlacementOptions {
  /** The most pods of one workload. */
  readonly replicas: number;
}

/** A cluster with everything in its place, and what stands around it. */
export interface Scene {
  readonly cluster: Cluster;
  readonly world: OutsideWorld;
  /** Where this is not what the manifests say. */
  readonly notes: readonly string[];
}

/** Sets scenes from manifests, one after the other; what stays in the manifests stays where it is. */
export class SceneSetter {
  readonly placement: Placement;
  readonly #options: SceneOptions;

  constructor(objects: readonly ApiObject[], options: SceneOptions) {
    this.placement = new Placement(
      objects.filter((object) => object.kind === "Node"),
      options,
    );
    this.#options = options;
  }

  set(objects: readonly ApiObject[]): Scene {
    const { nodes } = this.placement;
    const cap = (workload: Workload): number => Math.min(workload.replicas ?? 1, this.#options.replicas);
    // With the lab's nodes among the objects, so that a DaemonSet has a pod on each.
    const others = objects.filter((object) => object.kind !== "Node");
    const read = clusterFrom([...others, ...nodes], { replicas: cap });
    const { cluster: whole, added } = withDns(read, this.#options.families);
    const cluster = this.placement.place(whole);
    const world = outsideWorldOf(cluster, this.#options.families);
    return { cluster, world, notes: [...this.#replicaNotes(others), ...notesOf(cluster, world, added)] };
  }

  #replicaNotes(objects: readonly ApiObject[]): string[] {
    const capped = objects.filter(
      (object): object is Workload => "replicas" in object && (object.replicas ?? 1) > this.#options.replicas,
    );
    if (capped.length === 0) return [];
    const names = capped.map(({ namespace, name, replicas }) => `${namespace}/${name} (${replicas})`).join(", ");
    return [`at most ${this.#options.replicas} pods of a workload are run; these ask for more: ${names}`];
  }
}

function notesOf(cluster: Cluster, world: OutsideWorld, dnsAdded: boolean): string[] {
  const { pods } = cluster;
  const homeless = pods.filter((pod) => !pod.completed && pod.addresses.length === 0);
  const completed = pods.filter((pod) => pod.completed);
  const sctp = pods.filter((pod) => pod.ports.some(({ protocol }) => protocol === "SCTP"));
  return [
    ...(dnsAdded
      ? ["the manifests have no cluster DNS; added pod kube-system/coredns-1 and Service kube-system/kube-dns"]
      : []),
    ...about(homeless, "not run, because no node has room"),
    ...about(completed, "not run, because completed"),
    ...about(sctp, "SCTP ports are not probed"),
    ...(world.leftOut > 0 ? [`${world.leftOut} outside addresses and ports are not probed`] : []),
  ];
}

function about(pods: readonly Pod[], what: string): string[] {
  return pods.length === 0 ? [] : [`${what}: ${pods.map(podKey).join(", ")}`];
}
