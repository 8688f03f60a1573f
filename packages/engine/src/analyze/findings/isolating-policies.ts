import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import { type Pod, isPolicyPod } from "../../model/pod.ts";
import { remembered } from "./remembered.ts";
import { SelectorIndex } from "./selector-index.ts";

/** The policies that isolate a pod, by direction; one object for all pods that have the same. */
export type Isolating = Readonly<Record<Direction, readonly NetworkPolicy[]>>;

const nothing: Isolating = { ingress: [], egress: [] };

/** Tells which policies, by namespace, isolate a pod. */
export function isolatingPolicies(policiesIn: ReadonlyMap<string, readonly NetworkPolicy[]>): (pod: Pod) => Isolating {
  const indexes = remembered(
    (namespace: string) => new SelectorIndex(policiesIn.get(namespace) ?? [], ({ podSelector }) => podSelector),
  );
  const known = new Map<string, Isolating>();
  return remembered((pod: Pod) => {
    const all = isPolicyPod(pod) ? indexes(pod.namespace).selecting(pod.labels) : [];
    if (all.length === 0) return nothing;
    const key = `${pod.namespace} ${all.map(({ number }) => number).join(" ")}`;
    const same = known.get(key);
    if (same !== undefined) return same;
    const by = (direction: Direction): readonly NetworkPolicy[] =>
      all.map(({ item }) => item).filter(({ directions }) => directions.includes(direction));
    const isolating = { ingress: by("ingress"), egress: by("egress") };
    known.set(key, isolating);
    return isolating;
  });
}
