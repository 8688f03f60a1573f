import type { NetworkPolicy, PodPeer, PolicyRule } from "../../../model/network-policy.ts";
import { selects } from "../../../model/selector.ts";
import { podPredicate } from "../../../rules/predicate.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { listText, placesOf, podsText, selectorText } from "../words.ts";

/**
 * Two items, one with a namespace selector and the next with a pod selector, where the pods that the second selects are in
 * the namespaces that the first does. Where the second selects pods of the policy's own namespace only, both are meant.
 */
export function* orTrap(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    for (const rule of [...policy.ingress, ...policy.egress]) {
      const found = trapIn(input, policy, rule);
      if (found !== undefined) yield found;
    }
  }
}

function trapIn(input: FindingInput, policy: NetworkPolicy, { peers, path }: PolicyRule): Diagnostic | undefined {
  const [first, second] = peers;
  if (peers.length !== 2 || first?.kind !== "pods" || second?.kind !== "pods") return undefined;
  const { namespaceSelector } = first;
  const { podSelector } = second;
  if (namespaceSelector === undefined || podSelector === undefined) return undefined;
  if (first.podSelector !== undefined || second.namespaceSelector !== undefined) return undefined;
  if (namespaceSelector.requirements.length === 0 || podSelector.requirements.length === 0) return undefined;
  const meaning = meaningOf(input, policy, { namespaceSelector, podSelector });
  if (meaning === undefined) return undefined;
  const all = `every pod of namespaces ${selectorText(namespaceSelector)}`;
  const own = `pods ${selectorText(podSelector)} of namespace ${policy.namespace}`;
  const list = path.includes("egress") ? "to" : "from";
  return diagnostic("PW3001", `${path}.${list}: two peers: ${all}, or ${own}${meaning.surplus}`, {
    range: second.range,
    severity: meaning.severity,
    related: placesOf({ message: `the other peer: ${all}`, range: first.range }),
    help: "if both were to hold, make them one item: take away the dash before `podSelector`",
  });
}

interface Meaning {
  readonly severity: "warning" | "info";
  /** Who is let in beside those who were meant. */
  readonly surplus: string;
}

/** Whether one combined peer would have made sense; undefined where two do. */
function meaningOf(
  input: FindingInput,
  { namespace }: NetworkPolicy,
  { namespaceSelector, podSelector }: Required<Pick<PodPeer, "namespaceSelector" | "podSelector">>,
): Meaning | undefined {
  const own = [...input.podsOf(podPredicate(namespace, podSelector))];
  const chosen = [...input.podsOf(podPredicate(namespaceSelector))].filter((pod) => pod.namespace !== namespace);
  const both = chosen.filter((pod) => selects(podSelector, pod.labels));
  const others = chosen.filter((pod) => !selects(podSelector, pod.labels));
  const surplus = others.length === 0 ? "" : `; so it lets in ${podsText(others)} as well`;
  if (both.length > 0) return { severity: own.length === 0 || others.length > 0 ? "warning" : "info", surplus };
  if (own.length > 0) return undefined;
  if (!input.isComplete(namespace)) return { severity: "info", surplus: "" };
  return chosen.length > 0
    ? undefined
    : { severity: "info", surplus: `; namespace ${listText([namespace])} has no such pod` };
}
