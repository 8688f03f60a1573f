import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import { type LabelSelector, selects } from "../../model/selector.ts";
import type { PodPredicate } from "../../plan/predicate.ts";

/** Pods that no selector and no port name can tell apart: one namespace, equal labels, equal ports. */
export interface PodGroup {
  readonly id: number;
  readonly namespace: string;
  /** One of them, to ask about labels and ports. */
  readonly sample: Pod;
}

/** The pods of a cluster that policies can see, in groups. */
export class PodGroups {
  readonly #cluster: Cluster;
  readonly #byKey = new Map<string, PodGroup>();
  readonly #byPod = new Map<Pod, PodGroup>();
  readonly #byNamespace = new Map<string, PodGroup[]>();
  readonly #selected = new Map<string, readonly PodGroup[]>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    for (const pod of cluster.pods) if (isPolicyPod(pod)) this.of(pod);
  }

  get all(): Iterable<PodGroup> {
    return this.#byKey.values();
  }

  /** The group of a pod, which may be one that is not in the cluster. */
  of(pod: Pod): PodGroup {
    const known = this.#byPod.get(pod);
    if (known !== undefined) return known;
    const key = groupKey(pod);
    let group = this.#byKey.get(key);
    if (group === undefined) {
      group = { id: this.#byKey.size, namespace: pod.namespace, sample: pod };
      this.#byKey.set(key, group);
      const others = this.#byNamespace.get(pod.namespace);
      if (others === undefined) this.#byNamespace.set(pod.namespace, [group]);
      else others.push(group);
      this.#selected.clear();
    }
    this.#byPod.set(pod, group);
    return group;
  }

  in(namespace: string): readonly PodGroup[] {
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** The groups for which a predicate holds; worked out once. */
  selectedBy(predicate: PodPredicate): readonly PodGroup[] {
    const known = this.#selected.get(predicate.key);
    if (known !== undefined) return known;
    const found = this.#namespacesOf(predicate.namespace).flatMap((namespace) =>
      this.in(namespace).filter(({ sample }) => selects(predicate.pods, sample.labels)),
    );
    this.#selected.set(predicate.key, found);
    return found;
  }

  #namespacesOf(where: string | LabelSelector): string[] {
    if (typeof where === "string") return [where];
    return [...this.#byNamespace.keys()].filter((name) => {
      const namespace = this.#cluster.namespaces.get(name);
      return namespace !== undefined && selects(where, namespace.labels);
    });
  }
}

function groupKey({ namespace, labels, ports }: Pod): string {
  return JSON.stringify([
    namespace,
    [...labels].sort(([a], [b]) => (a < b ? -1 : 1)),
    ports.map(({ name, protocol, port }) => [name ?? "", protocol, port]),
  ]);
}
