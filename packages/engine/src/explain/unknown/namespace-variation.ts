import { type Cluster, type Namespace, namespaceNameLabel } from "../../model/cluster.ts";
import type { LabelSelector } from "../../model/selector.ts";
import { labelChoices } from "./label-choices.ts";
import type { Variation } from "./world.ts";

/** The labels of a namespace that is only named; undefined where it is given, or nobody asks for them. */
export function namespaceVariation(cluster: Cluster, name: string): Variation | undefined {
  const namespace = cluster.namespaces.get(name);
  if (namespace === undefined || namespace.declared) return undefined;
  const selectors = namespaceSelectors(cluster).map(withoutName);
  const keys = [...new Set(selectors.flatMap(({ requirements }) => requirements.map(({ key }) => key)))].sort(byText);
  if (keys.length === 0) return undefined;
  const choices = labelChoices(selectors, mostChoices);
  return {
    fact: { kind: "namespace-labels", namespace: name, keys },
    others: (world) =>
      choices.map((choice) => {
        const labels = [...choice].flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
        const changed: Namespace = { ...namespace, labels: new Map([...namespace.labels, ...labels]) };
        const namespaces = new Map([...world.cluster.namespaces, [name, changed]]);
        return { ...world, cluster: { ...world.cluster, namespaces } };
      }),
  };
}

const mostChoices = 64;

/** What every selector of namespaces says. */
export function namespaceSelectors({ policies, clusterPolicies }: Cluster): readonly LabelSelector[] {
  const ofPolicies = policies
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ peers }) => peers)
    .flatMap((peer) => (peer.kind === "pods" && peer.namespaceSelector !== undefined ? [peer.namespaceSelector] : []));
  const ofTiers = clusterPolicies.flatMap(({ subject, ingress, egress }) => [
    subject.namespaceSelector,
    ...[...ingress, ...egress].flatMap(({ peers }) =>
      peers.flatMap((peer) => (peer.kind === "selected-pods" ? [peer.namespaceSelector] : [])),
    ),
  ]);
  return [...ofPolicies, ...ofTiers];
}

/** The name is known, whatever else is not. */
function withoutName({ requirements }: LabelSelector): LabelSelector {
  return { requirements: requirements.filter(({ key }) => key !== namespaceNameLabel) };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
