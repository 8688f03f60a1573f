import type { ClusterPolicy } from "../model/cluster-policy.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import type { BrokenDocument } from "../source/parse.ts";
import { closedBrokenClusterPolicy, closedClusterPolicy } from "./closed-cluster-policy.ts";
import { closedBrokenPolicy, closedPolicy } from "./closed-policy.ts";
import type { Field } from "./field.ts";
import { type PolicyKind, policyKindOf } from "./policy-kind.ts";
import { child, items, rootField } from "./read-field.ts";
import { readString } from "./read-scalar.ts";

export type AnyPolicy = NetworkPolicy | ClusterPolicy;

/** What stands in for a policy of this kind that cannot be used; undefined where its namespace cannot be told. */
export function closedObject(root: Field, kind: PolicyKind, because: string): AnyPolicy | undefined {
  return kind === "NetworkPolicy" ? closedPolicy(root, because) : closedClusterPolicy(root, kind, because);
}

/**
 * Stand-ins for the policies of a document that is no YAML, as far as what could still be made out of it tells that
 * it has some.
 */
export function closedPoliciesOf({ root, reason: { message } }: BrokenDocument): readonly AnyPolicy[] {
  if (root === undefined) return [];
  const field = rootField(root, []);
  return [field, ...items(child(field, "items"))].flatMap((object) => {
    const kind = policyKindOf(readString(child(object, "apiVersion")) ?? "", readString(child(object, "kind")) ?? "");
    if (kind === undefined) return [];
    if (kind === "NetworkPolicy") return closedBrokenPolicy(object, message) ?? [];
    return closedBrokenClusterPolicy(object, kind, message);
  });
}

/**
 * Whether a document that is no YAML may hold something that answers depend on and nothing stands in for: a list of which a
 * part can be made out, a policy whose namespace cannot, labels of a namespace, or anything at all.
 */
export function losesMore({ root }: BrokenDocument, standIns: readonly AnyPolicy[]): boolean {
  if (root === undefined) return true;
  const field = rootField(root, []);
  const kind = readString(child(field, "kind")) ?? "";
  if (kind === "" || kind.endsWith("List") || child(field, "items").node !== undefined) return true;
  const isPolicy = policyKindOf(readString(child(field, "apiVersion")) ?? "", kind) !== undefined;
  return isPolicy ? standIns.length === 0 : ["Namespace", "Node", "Pod"].includes(kind);
}
