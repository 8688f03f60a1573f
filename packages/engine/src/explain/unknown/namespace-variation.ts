import { type Cluster, type Namespace, namespaceNameLabel } from "../../model/cluster.ts";
import { type LabelSelector, type Labels, formatSelector, selects } from "../../model/selector.ts";
import { type LabelChoice, labelChoices } from "./label-choices.ts";
import type { Variation } from "./world.ts";

/** The labels of a namespace that is only named; undefined where it is given, or nobody asks for them. */
export function namespaceVariation(cluster: Cluster, name: string): Variation | undefined {
  const namespace = cluster.namespaces.get(name);
  if (namespace === undefined || namespace.declared) return undefined;
  const selectors = namespaceSelectors(cluster).map(withoutName);
  const keys = askedKeys(selectors);
  if (keys.length === 0) return undefined;
  const choices = labelChoices(selectors, mostChoices);
  return {
    fact: { kind: "namespace-labels", namespace: name, keys },
    others: (world) =>
      choices.map((choice) => {
        const namespaces = new Map([...world.cluster.namespaces, [name, labelled(namespace, choice)]]);
        return { ...world, cluster: { ...world.cluster, namespaces } };
      }),
  };
}

/** Labels that a namespace may have of which only the name is known: one choice of each sort that these clusters tell apart. */
export function namespaceLabelChoices(clusters: readonly Cluster[]): readonly LabelChoice[] {
  const byText = new Map(clusters.flatMap(namespaceSelectors).map((selector) => [formatSelector(selector), selector]));
  const selectors = [...byText.values()].map(withoutName).filter(({ requirements }) => requirements.length > 0);
  const found = new Map<string, LabelChoice>();
  for (const choice of [none, ...labelChoices(selectors, mostChoices)]) {
    const labels = labelsOf(choice);
    const sort = selectors.map((selector) => (selects(selector, labels) ? "1" : "0")).join("");
    if (!found.has(sort)) found.set(sort, choice);
  }
  return [...found.values()];
}

const none: LabelChoice = new Map();

/** The keys, but for the name, that a cluster's policies ask namespaces for; in order. */
export function askedNamespaceKeys(cluster: Cluster): readonly string[] {
  return askedKeys(namespaceSelectors(cluster).map(withoutName));
}

function askedKeys(selectors: readonly LabelSelector[]): readonly string[] {
  return [...new Set(selectors.flatMap(({ requirements }) => requirements.map(({ key }) => key)))].sort(byText);
}

/** A namespace with these labels besides its own. */
export function labelled(namespace: Namespace, choice: LabelChoice): Namespace {
  return { ...namespace, labels: new Map([...namespace.labels, ...labelsOf(choice)]) };
}

function labelsOf(choice: LabelChoice): Labels {
  return new Map([...choice].flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
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
