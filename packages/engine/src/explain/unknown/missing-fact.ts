import type { OtherPolicy } from "../../model/other-object.ts";

/** Something that the input does not say and that an answer depends on. */
export type MissingFact =
  /** There is no Namespace object, and policies, or an assertion, ask for labels of these keys. */
  | {
      readonly kind: "namespace-labels";
      readonly namespace: string;
      readonly keys: readonly string[];
      readonly askedBy?: "an assertion";
    }
  /** The pod has no address in the input, and blocks of addresses are named. */
  | { readonly kind: "pod-address"; readonly pod: string }
  /** Whether the pod runs on the node of the other end, which it always reaches and is always reached by. */
  | { readonly kind: "placement"; readonly pod: string; readonly peer: string }
  /** The address may be that of a pod which is not in the input. */
  | { readonly kind: "unknown-pod"; readonly address: string }
  /** As `unknown-pod`, for all addresses that an answer is about. */
  | { readonly kind: "unknown-pods" }
  /** Whether the address is one that the names stand for. */
  | { readonly kind: "domain-name"; readonly address: string; readonly domainNames: readonly string[] }
  /** Which addresses names stand for that a rule accepts: other rules treat some of them differently. */
  | { readonly kind: "name-addresses"; readonly domainNames: readonly string[] }
  /** A policy of a kind that is not judged by may select the pod. */
  | { readonly kind: "other-policy"; readonly policy: OtherPolicy; readonly pod: string };

/** The same about other pods. */
export function withNames(fact: MissingFact, nameOf: (pod: string) => string): MissingFact {
  switch (fact.kind) {
    case "pod-address":
    case "other-policy":
      return { ...fact, pod: nameOf(fact.pod) };
    case "placement":
      return { ...fact, pod: nameOf(fact.pod), peer: nameOf(fact.peer) };
    default:
      return fact;
  }
}
