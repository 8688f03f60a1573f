import type { NetworkPolicy, PodPeer, PolicyPort } from "../../model/network-policy.ts";
import type { Pod } from "../../model/pod.ts";
import { type LabelSelector, formatSelector } from "../../model/selector.ts";
import type { SourceRange } from "../../source/source-file.ts";
import { isStandIn } from "./stand-in.ts";

/** `deployment shop/web`, `pod shop/web-1`; for what stands for pods not in the input, `pods app=web of shop`. */
export function podText(pod: Pod): string {
  if (isStandIn(pod)) {
    const [label, another] = [...pod.labels].map(([key, value]) => `${key}=${value}`);
    if (label === undefined) return `the pods of ${pod.namespace}`;
    return `pods ${label}${another === undefined ? "" : ",…"} of ${pod.namespace}`;
  }
  const { kind, name } = pod.workload ?? { kind: "Pod", name: pod.name };
  return `${kind.toLowerCase()} ${pod.namespace}/${name}`;
}

/** The first few names and how many there are beside: `deployment shop/web, pod shop/a and 3 more`. */
export function podsText(pods: readonly Pod[]): string {
  return listText([...new Set(pods.map(podText))]);
}

/** The first few of a list and how many there are beside. */
export function listText(texts: readonly string[], most = 3): string {
  if (texts.length <= most)
    return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
  return `${texts.slice(0, most).join(", ")} and ${texts.length - most} more`;
}

/** `policy shop/web`. */
export function policyText({ namespace, name }: Pick<NetworkPolicy, "namespace" | "name">): string {
  return `policy ${namespace}/${name}`;
}

/** A selector in backquotes; everything is `{}`. */
export function selectorText(selector: LabelSelector): string {
  const text = formatSelector(selector);
  return `\`${text === "*" ? "{}" : text}\``;
}

/** What a peer asks for, in words. */
export function peerText({ podSelector, namespaceSelector }: PodPeer): string {
  if (namespaceSelector === undefined) return `pods ${selectorText(podSelector ?? { requirements: [] })}`;
  const namespaces = `namespaces ${selectorText(namespaceSelector)}`;
  return podSelector === undefined
    ? `every pod of ${namespaces}`
    : `pods ${selectorText(podSelector)} of ${namespaces}`;
}

/** `TCP 80`, `UDP 1024-65535`, `TCP http`, `TCP`. */
export function portText({ protocol, port }: PolicyPort): string {
  switch (port.kind) {
    case "all":
      return protocol;
    case "interval":
      return `${protocol} ${port.first === port.last ? port.first : `${port.first}-${port.last}`}`;
    case "named":
      return `${protocol} ${port.name}`;
  }
}

/** Where a policy is named; where its text is not known, where it is. */
export function nameRange({ written, range }: NetworkPolicy): SourceRange | undefined {
  return written?.name.range ?? range;
}

/** A related place, where it is known. */
export function placesOf(
  ...places: readonly { readonly message: string; readonly range: SourceRange | undefined }[]
): readonly { readonly message: string; readonly range: SourceRange }[] {
  return places.flatMap(({ message, range }) => (range === undefined ? [] : [{ message, range }]));
}
