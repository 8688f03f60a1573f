import {
  type ClusterNode,
  type ClusterPolicy,
  type Namespace,
  type NetworkPolicy,
  type Pod,
  undeclaredNamespace,
} from "@podwall/engine";
import { type KeptKind, generationsOf, uidsOf } from "./kept-kind.ts";
import type { Snapshot } from "./source.ts";

/**
 * All that is kept, as one state, as `clusterFrom` makes it of objects; undefined before every kind is known. It is made at
 * every event, so nothing is made again that is as it was.
 */
export function snapshotOf(kinds: readonly KeptKind[]): Snapshot | undefined {
  if (!kinds.every(({ synced }) => synced)) return undefined;
  const objectsOf = (wanted: string): readonly unknown[] =>
    kinds.find(({ watched }) => watched.kind === wanted)?.all ?? [];
  const namespaces = byName(objectsOf("Namespace") as readonly Namespace[]);
  const pods = objectsOf("Pod") as readonly Pod[];
  const policies = objectsOf("NetworkPolicy") as readonly NetworkPolicy[];
  for (const { namespace } of pods) addNamed(namespaces, namespace);
  for (const { namespace } of policies) addNamed(namespaces, namespace);
  const cluster = {
    namespaces,
    nodes: byName(objectsOf("Node") as readonly ClusterNode[]),
    pods,
    services: [],
    policies,
    clusterPolicies: clusterPolicyKinds.flatMap(objectsOf) as ClusterPolicy[],
  };
  return { cluster, generations: generationsOf(kinds), uids: uidsOf(kinds) };
}

const clusterPolicyKinds = ["ClusterNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy"];

function byName<T extends { readonly name: string }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [object.name, object]));
}

/** A namespace that is only named. */
function addNamed(namespaces: Map<string, Namespace>, name: string): void {
  if (!namespaces.has(name)) namespaces.set(name, undeclaredNamespace(name));
}
