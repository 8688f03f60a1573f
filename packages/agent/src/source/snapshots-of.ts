import {
  type Cluster,
  type ClusterNode,
  type ClusterPolicy,
  type Namespace,
  type NetworkPolicy,
  type Pod,
  undeclaredNamespace,
  sameForSame,
} from "@podwall/engine";
import type { KeptKind } from "./kept-kind.ts";
import type { PolicyMarks, Snapshot } from "./source.ts";

/**
 * Gives all that kinds keep, as one state, as `clusterFrom` makes it of objects; undefined before every kind is known. It is
 * asked for at every event, so nothing is made again that is as it was.
 */
export function snapshotsOf(kinds: readonly KeptKind[]): () => Snapshot | undefined {
  const kindOf = (wanted: string): KeptKind | undefined => kinds.find(({ watched }) => watched.kind === wanted);
  const [namespaces, nodes, pods, policies] = ["Namespace", "Node", "Pod", "NetworkPolicy"].map(kindOf);
  const clusterPolicies = clusterPolicyKinds.map(kindOf);
  const policyKinds = [policies, ...clusterPolicies].filter((kind) => kind !== undefined);
  const namespacesOf = sameForSame(namespacesByName);
  const nodesOf = sameForSame(byName<ClusterNode>);
  const clusterPoliciesOf = sameForSame((...lists: readonly (readonly unknown[])[]) => lists.flat() as ClusterPolicy[]);
  const podUidsOf = sameForSame(uids);
  const policyMarksOf = sameForSame(
    (...marks: readonly Marks[]) =>
      new Map(policyKinds.map(({ watched }, index) => [watched.kind, marks[index] as Marks])),
  );
  return () => {
    if (!kinds.every(({ synced }) => synced)) return undefined;
    const cluster: Cluster = {
      namespaces: namespacesOf(
        (namespaces?.all ?? none) as readonly Namespace[],
        pods?.namespaces ?? nowhere,
        policies?.namespaces ?? nowhere,
      ),
      nodes: nodesOf((nodes?.all ?? none) as readonly ClusterNode[]),
      pods: (pods?.all ?? none) as readonly Pod[],
      services: [],
      policies: (policies?.all ?? none) as readonly NetworkPolicy[],
      clusterPolicies: clusterPoliciesOf(...clusterPolicies.map((kind) => kind?.all ?? none)),
    };
    const policyMarks = policyMarksOf(...policyKinds.map(({ marks }) => marks));
    return { cluster, policyMarks, podUids: podUidsOf(pods?.marks ?? unmarked) };
  };
}

const clusterPolicyKinds = ["ClusterNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy"];

type Marks = ReadonlyMap<string, PolicyMarks>;

const none: readonly never[] = [];
const nowhere: ReadonlySet<string> = new Set();
const unmarked: Marks = new Map();

function byName<T extends { readonly name: string }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [object.name, object]));
}

/** Those that are declared, and those that are only named. */
function namespacesByName(
  declared: readonly Namespace[],
  ...named: readonly ReadonlySet<string>[]
): ReadonlyMap<string, Namespace> {
  const namespaces = byName(declared);
  for (const name of named.flatMap((names) => [...names]))
    if (!namespaces.has(name)) namespaces.set(name, undeclaredNamespace(name));
  return namespaces;
}

function uids(marks: Marks): ReadonlyMap<string, string> {
  return new Map([...marks].flatMap(([key, { uid }]) => (uid === undefined ? [] : [[key, uid] as const])));
}
