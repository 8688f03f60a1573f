import type { Family, LocalPod } from "@podwall/engine";
import { midStream } from "./chain-rules.ts";
import type { RuleSetChain } from "./rule-set-chain.ts";

/** An element of a map, with the verdict itself. */
export interface DirectElement {
  readonly key: string;
  readonly verdict: string;
}

/** What the sets and maps say of an address of a pod; absent where that is nothing. */
export interface AddressElements extends Readonly<Record<"itself" | "ownNode" | "egress" | "ingress", DirectElement>> {
  readonly ready?: { readonly key: string };
  readonly readyAddress?: { readonly key: string };
}

/** What is said of an address of a pod. Throws where a rule set has no chain: a pod must not be open for that. */
export function elementsOf(
  pod: LocalPod,
  address: string,
  family: Family,
  ruleSets: ReadonlyMap<string, RuleSetChain>,
): AddressElements {
  const { egress, ingress, ownNode, itself } = pod;
  // Of a pod that is isolated for one direction the other is looked at for this alone.
  const open = egress === undefined && ingress === undefined ? "return" : `goto ${midStream}`;
  const judged = (key: string | undefined, otherwise: string): string =>
    key === undefined ? otherwise : `goto ${(ruleSets.get(key) as RuleSetChain).name}`;
  return {
    ...(pod.interfaceName === undefined
      ? { readyAddress: { key: address } }
      : { ready: { key: `"${pod.interfaceName}" . ${address}` } }),
    itself: { key: `${address} . ${address}`, verdict: judged(itself?.[family], `goto commit${family}`) },
    ownNode: { key: address, verdict: judged(ownNode, "accept") },
    egress: { key: address, verdict: judged(egress, open) },
    ingress: { key: address, verdict: judged(ingress, open) },
  };
}
