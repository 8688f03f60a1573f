import type { Direction } from "../model/network-policy.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Field } from "./field.ts";
import { child, items, withProblems } from "./read-field.ts";
import { hasUnknown } from "./known-fields.ts";
import { policyFields, specFields } from "./policy-fields.ts";
import { invalid, unsupported } from "./problem.ts";
import { readString } from "./read-scalar.ts";

/** `policyTypes`, or what the API server fills in: Ingress, and Egress when there are egress rules. */
export function readDirections(spec: Field): readonly Direction[] {
  const field = child(spec, "policyTypes");
  const types = items(field).map(readPolicyType);
  if (types.length > 2) {
    invalid(field, "PW2013", types, "may not specify more than two policyTypes");
  } else {
    for (const [index, item] of items(withProblems(field, [])).entries()) {
      checkPolicyType(withProblems(item, spec.problems), types[index]);
    }
  }
  if (types.length > 0) return allDirections.filter((direction) => types.includes(policyTypeOf[direction]));
  return items(withProblems(child(spec, "egress"), [])).length > 0 ? allDirections : ["ingress"];
}

/**
 * The directions in which a policy that cannot be used is to close its subjects: those it names, and both where what
 * it names cannot be told, since a misspelled or misplaced field may have been `egress` or `policyTypes`.
 */
export function closedDirections(root: Field): readonly Direction[] {
  const spec = child(root, "spec");
  if (hasUnknown(root, [...policyFields, "status"]) || hasUnknown(spec, specFields)) return allDirections;
  if (spec.node !== undefined && spec.node.kind !== "mapping") return allDirections;
  const egress = child(spec, "egress");
  if (egress.node !== undefined && egress.node.kind !== "sequence") return allDirections;
  const problems: Diagnostic[] = [];
  const directions = readDirections(withProblems(spec, problems));
  return problems.length > 0 ? allDirections : directions;
}

export const allDirections: readonly Direction[] = ["ingress", "egress"];

const policyTypeOf: Readonly<Record<Direction, string>> = { ingress: "Ingress", egress: "Egress" };

/** Undefined where it is no text, which is reported as that; a null item is the empty text, as in Go. */
function readPolicyType(item: Field): string | undefined {
  return item.node === undefined ? "" : readString(item);
}

function checkPolicyType(item: Field, type: string | undefined): void {
  const supported = Object.values(policyTypeOf);
  if (type !== undefined && !supported.includes(type)) unsupported(item, "PW2013", type, supported);
}
