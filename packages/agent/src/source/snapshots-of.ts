import {
  type ApiObject,
  type ClusterNode,
  type ClusterPolicy,
  type ClusterState,
  type Namespace,
  type NetworkPolicy,
  type Pod,
  SharedMap,
  undeclaredNamespace,
  sameForSame,
} from "@podwall/engine";
import type { KeptKind } from "./kept-kind.ts";
import type { PolicyMarks, Snapshot } from "./source.ts";

/**
 * Gives all that kinds keep, as one state, as `clusterFrom` makes it of objects; undefined before every kind is known. It is
 * asked for at every event, so nothing is made again that is as it was. Of pods, of which there are most, no list is made at all.
 */
export function snapshotsOf(kinds: readonly KeptKind[]): () => Snapshot | undefined {
  const kindOf = (wanted: string): KeptKind | undefined => kinds.find(({ watched }) => watched.kind === wanted);
  const [namespaces, nodes, pods, policies] = ["Namespace", "Node", "Pod", "NetworkPolicy"].map(kindOf);
  const clusterPolicies = clusterPolicyKinds.map(kindOf);
  const policyKinds = [policies, ...clusterPolicies].filter((kind) => kind !== undefined);
  const namespacesOf = sameForSame(namespacesByName);
  const nodesOf = sameForSame((all: Objects) => new Map(all as SharedMap<ClusterNode>));
  const policiesOf = sameForSame((all: Objects) => listOf<NetworkPolicy>(all));
  const clusterPoliciesOf = sameForSame((...kinds: readonly Objects[]) => kinds.flatMap(listOf<ClusterPolicy>));
  const podUidsOf = sameForSame(uids);
  const policyMarksOf = sameForSame(
    (...marks: readonly Marks[]) =>
      new Map(policyKinds.map(({ watched }, index) => [watched.kind, marks[index] as Marks])),
  );
  return () => {
    if (!kinds.every(({ synced }) => synced)) return undefined;
    const cluster: ClusterState = {
      namespaces: namespacesOf(namespaces?.all ?? none, pods?.namespaces ?? nowhere, policies?.namespaces ?? nowhere),
      nodes: nodesOf(nodes?.all ?? none),
      pods: (pods?.all ?? none) as SharedMap<Pod>,
      services: [],
      policies: policiesOf(policies?.all ?? none),
      clusterPolicies: clusterPoliciesOf(...clusterPolicies.map((kind) => kind?.all ?? none)),
    };
    const policyMarks = policyMarksOf(...policyKinds.map(({ marks }) => marks));
    return { cluster, policyMarks, podUids: podUidsOf(pods?.marks ?? unmarked) };
  };
}

const clusterPolicyKinds = ["ClusterNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy"];

/** Of one kind. */
type Objects = SharedMap<ApiObject>;
type Marks = SharedMap<PolicyMarks>;

const none: Objects = SharedMap.empty();
const nowhere: ReadonlySet<string> = new Set();
const unmarked: Marks = SharedMap.empty();

function listOf<T extends ApiObject>(all: Objects): readonly T[] {
  return all.values() as readonly ApiObject[] as readonly T[];
}

/** Those that are declared, and those that are only named. */
function namespacesByName(declared: Objects, ...named: readonly ReadonlySet<string>[]): ReadonlyMap<string, Namespace> {
  const namespaces = new Map(declared as SharedMap<Namespace>);
  for (const name of named.flatMap((names) => [...names]))
    if (!namespaces.has(name)) namespaces.set(name, undeclaredNamespace(name));
  return namespaces;
}

function uids(marks: Marks): ReadonlyMap<string, string> {
  return new Map([...marks].flatMap(([key, { uid }]) => (uid === undefined ? [] : [[key, uid] as const])));
}
