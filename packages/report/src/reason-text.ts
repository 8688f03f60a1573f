import {
  type ClusterPolicy,
  type Direction,
  type NetworkPolicy,
  type Reason,
  type SourceRange,
  formatRange,
} from "@podwall/engine";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

/** Why policies have no say in a direction, as a clause. */
export function openText(reason: Reason, direction: Direction): string {
  switch (reason.kind) {
    case "not-a-subject":
      return notASubject[reason.why];
    case "self":
      return "a pod always reaches itself";
    case "own-node":
      return direction === "ingress" ? "a node always reaches its own pods" : "a pod's own node is always reachable";
    default:
      return `no policy isolates it for ${direction}`;
  }
}

const notASubject = {
  address: "policies apply to pods only",
  hostNetwork: "policies do not apply to hostNetwork pods",
  completed: "the pod has ended",
} as const;

/** `isolated by shop/default-deny (policies.yaml:1:1)`, and a word on each policy that cannot be used. */
export function isolationText(policies: readonly NetworkPolicy[], style: Style): string[] {
  return policies.map((policy) => {
    const closed =
      policy.closedBecause === undefined
        ? ""
        : `; it cannot be used and closes its pods: ${printable(policy.closedBecause)}`;
    return `isolated by ${policyText(policy)}${placeText(policy.range, style)}${closed}`;
  });
}

/** `namespace/name`, or the kind and name of a policy of the whole cluster. */
export function policyText(policy: NetworkPolicy | ClusterPolicy): string {
  return printable("namespace" in policy ? `${policy.namespace}/${policy.name}` : `${policy.kind} ${policy.name}`);
}

/** ` (file:line:column)`, or nothing. */
export function placeText(range: SourceRange | undefined, style: Style): string {
  return range === undefined ? "" : ` ${style.dim(`(${printable(formatRange(range))})`)}`;
}
