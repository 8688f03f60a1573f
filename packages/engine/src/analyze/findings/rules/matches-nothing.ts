import { namespaceNameLabel, type Namespace } from "../../../model/cluster.ts";
import type { NetworkPolicy, PodPeer } from "../../../model/network-policy.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import { type LabelSelector, type SelectorRequirement, selects } from "../../../model/selector.ts";
import { predicateOf } from "../../../rules/predicate.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { isSlip, nearLabels } from "../near-labels.ts";
import { listText, peerText, placesOf, podText, podsText, selectorText } from "../words.ts";

/** Peers and namespace selectors that match nothing of the input, where it has what they may be about. */
export function* matchesNothing(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    for (const rule of [...policy.ingress, ...policy.egress]) {
      for (const peer of rule.peers) {
        if (peer.kind !== "pods") continue;
        const found = peerFinding(input, policy, peer);
        if (found !== undefined) yield found;
      }
    }
  }
}

function peerFinding(input: FindingInput, policy: NetworkPolicy, peer: PodPeer): Diagnostic | undefined {
  const predicate = predicateOf(peer, policy.namespace);
  if (predicate.kind !== "pods") return undefined;
  if (input.podsOf(predicate).length > 0) return undefined;
  const { namespaceSelector, podSelector = everything } = peer;
  const names = namespaceSelector === undefined ? [policy.namespace] : input.namespacesOf(namespaceSelector);
  if (namespaceSelector !== undefined && names.length === 0) return namespaceFinding(input, peer, namespaceSelector);
  const all = names.flatMap((name) => input.podsIn(name));
  if (all.length === 0 || isClusterDns(podSelector)) return undefined;
  const onHost = all.filter((pod) => pod.hostNetwork && selects(podSelector, pod.labels));
  if (onHost.length > 0) return hostNetworkPeer(peer, onHost);
  return noSuchPod(input, policy, peer, { names, all });
}

const everything: LabelSelector = { requirements: [] };

/** The labels that the cluster's DNS has nearly everywhere; it is seldom part of an input. */
function isClusterDns({ requirements }: LabelSelector): boolean {
  return requirements.some(({ key, values }) => key === "k8s-app" && values.includes("kube-dns"));
}

function hostNetworkPeer(peer: PodPeer, pods: readonly Pod[]): Diagnostic {
  return diagnostic(
    "PW3008",
    `${peer.path}: ${peerText(peer)} are ${podsText(pods)}, which no selector matches: hostNetwork`,
    {
      range: peer.range,
      related: placesOf({ message: "hostNetwork is set here", range: pods[0]?.range }),
      help: "their traffic has their nodes' addresses: allow these with `ipBlock`",
    },
  );
}

interface Scope {
  readonly names: readonly string[];
  readonly all: readonly Pod[];
}

function noSuchPod(
  input: FindingInput,
  policy: NetworkPolicy,
  peer: PodPeer,
  { names, all }: Scope,
): Diagnostic | undefined {
  const { podSelector = everything, namespaceSelector } = peer;
  const range = podSelector.range ?? peer.range;
  const near = nearLabels(podSelector, all.filter(isPolicyPod));
  const message = `${peer.path}: ${peerText(peer)} are none of those that the input has in ${namespacesText(names)}`;
  if (near !== undefined) {
    return diagnostic("PW3008", message, {
      range,
      related: placesOf({ message: `${podText(near.item)} is labelled so`, range: near.item.range }),
      help: `${podText(near.item)} has ${near.key}=${near.value}; write \`${near.key}: ${near.value}\``,
    });
  }
  const elsewhere = namespaceSelector === undefined ? podsElsewhere(input, policy.namespace, podSelector) : [];
  if (elsewhere.length > 0) {
    const [found] = elsewhere as [Pod];
    return diagnostic("PW3008", message, {
      range,
      related: placesOf({ message: `${podText(found)} is such a pod`, range: found.range }),
      help: `${podText(found)} is in another namespace: add \`namespaceSelector: {matchLabels: {${namespaceNameLabel}: ${found.namespace}}}\` to this item`,
    });
  }
  if (input.makers.length > 0) return undefined;
  const isComplete = names.every((name) => input.isComplete(name));
  return diagnostic("PW3008", message, {
    range,
    severity: isComplete ? "warning" : "info",
    help: isComplete ? "compare the labels with those of the pods" : "if its pods are in other files, name these too",
  });
}

function namespacesText(names: readonly string[]): string {
  return `namespace${names.length === 1 ? "" : "s"} ${listText(names)}`;
}

function podsElsewhere(input: FindingInput, namespace: string, selector: LabelSelector): readonly Pod[] {
  const wanted = selector.requirements.find(({ operator }) => operator === "In");
  const found = wanted?.values.flatMap((value) => input.podsWith(wanted.key, value)) ?? [];
  return found.filter((pod) => pod.namespace !== namespace && selects(selector, pod.labels));
}

/** A selector that none of the input's namespaces has the labels for; where that is known of none, nothing. */
function namespaceFinding(input: FindingInput, peer: PodPeer, selector: LabelSelector): Diagnostic | undefined {
  const all = [...input.cluster.namespaces.values()];
  const declared = all.filter((namespace) => namespace.declared);
  const byName = selector.requirements.find(isByName);
  if (byName !== undefined) return misspelledName(peer, selector, byName, all);
  const named = selector.requirements.find(({ key, operator }) => key === "name" && operator === "In");
  const meant = named?.values.find((value) => declared.some(({ name }) => name === value) || isSystem(value));
  const near = nearLabels(selector, declared);
  const count = `the input's ${declared.length} Namespace${declared.length === 1 ? "" : "s"}`;
  const message = `${peer.path}.namespaceSelector: ${selectorText(selector)} selects none of ${count}`;
  if (meant !== undefined) {
    const isKnown = declared.some(({ name }) => name === meant);
    return diagnostic("PW3009", message, {
      range: selector.range,
      severity: isKnown ? "warning" : "info",
      help: `Kubernetes labels no namespace with \`name\`; write \`${namespaceNameLabel}: ${meant}\``,
    });
  }
  if (near !== undefined) {
    return diagnostic("PW3009", message, {
      range: selector.range,
      related: placesOf({ message: `Namespace ${near.item.name} is labelled so`, range: near.item.range }),
      help: `Namespace ${near.item.name} has ${near.key}=${near.value}; write \`${near.key}: ${near.value}\``,
    });
  }
  if (declared.length < 2) return undefined;
  return diagnostic("PW3009", message, {
    range: selector.range,
    severity: "info",
    help: `a namespace is selected by its name with \`${namespaceNameLabel}\`; if it is in other files, name these too`,
  });
}

function isByName({ key, operator }: SelectorRequirement): boolean {
  return key === namespaceNameLabel && operator === "In";
}

function isSystem(name: string): boolean {
  return ["kube-system", "kube-public", "kube-node-lease", "default"].includes(name);
}

function misspelledName(
  peer: PodPeer,
  selector: LabelSelector,
  { values, range }: SelectorRequirement,
  all: readonly Namespace[],
): Diagnostic | undefined {
  const meant = all.find(({ name }) => values.some((value) => isSlip(value, name)));
  if (meant === undefined) return undefined;
  const message = `${peer.path}.namespaceSelector: ${selectorText(selector)} selects no namespace of the input`;
  const help = `did you mean \`${namespaceNameLabel}: ${meant.name}\`?`;
  return diagnostic("PW3009", message, { range: range ?? selector.range, help });
}
