import { type Direction, type FastEvaluator, type Pod, type PodClass, podKey } from "@podwall/engine";

/** Pods that policies treat alike, under one name. */
export interface MapEnd {
  /** `namespace/name` of a workload or pod; of the first of several pods that are alike. */
  readonly name: string;
  readonly pods: readonly string[];
  /** How many pods there are, where fewer stand for them. */
  readonly count?: number;
  /** Directions that no policy isolates it for. */
  readonly open: readonly Direction[];
}

/** The ends of a map, in the order of the pods, by class: the pods of a class that are of one workload, or of none. */
export function mapEnds(evaluator: FastEvaluator): ReadonlyMap<PodClass, readonly MapEnd[]> {
  const parts = [...evaluator.classes].map((podClass) => ({ podClass, owners: byOwner(podClass.pods) }));
  const uses = new Map<string, number>();
  for (const { owners } of parts) for (const name of owners.keys()) uses.set(name, (uses.get(name) ?? 0) + 1);
  return new Map(
    parts.map(({ podClass, owners }) => {
      const open = directions.filter((direction) => !evaluator.isIsolated(podClass, direction));
      const ends = [...owners].map(([owner, pods]): MapEnd => {
        const isWorkload = uses.get(owner) === 1 && owner !== bare(podClass);
        const [first] = pods as [Pod];
        const count = isWorkload ? first.workload?.replicas : undefined;
        return {
          name: isWorkload ? owner : podKey(first),
          pods: pods.map(podKey),
          ...(count === undefined ? {} : { count }),
          open,
        };
      });
      return [podClass, ends];
    }),
  );
}

const directions: readonly Direction[] = ["ingress", "egress"];

/** Pods by the workload they are of. */
function byOwner(pods: Iterable<Pod>): Map<string, Pod[]> {
  const owners = new Map<string, Pod[]>();
  for (const pod of pods) {
    const owner = pod.workload === undefined ? bare(pod) : `${pod.namespace}/${pod.workload.name}`;
    const others = owners.get(owner);
    if (others === undefined) owners.set(owner, [pod]);
    else others.push(pod);
  }
  return owners;
}

/** Stands for the owner of a namespace's bare pods; no workload has such a name. */
function bare({ namespace }: { readonly namespace: string }): string {
  return `${namespace}/`;
}
