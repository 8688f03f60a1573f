import { type PolicyKind, policyVersions } from "../../packages/engine/src/api/policy-kind.ts";

/** One object as text, to be judged by an API server and by podwall. */
export interface Manifest {
  /** Of all manifests, only this one's. */
  readonly name: string;
  readonly kind: PolicyKind;
  readonly text: string;
  readonly format: "yaml" | "json";
}

/** A policy with a good head and this spec, in flow style; it is named after both. */
export function ofSpec(kind: PolicyKind, spec: string): Manifest {
  return ofBody(kind, `${kind} ${spec}`, `metadata: {name: default}\nspec: ${spec}\n`);
}

/** A policy that says what it is, and then this. */
export function ofBody(kind: PolicyKind, name: string, body: string): Manifest {
  const text = `apiVersion: ${policyVersions[kind]}\nkind: ${kind}\n${body}`;
  return { name, kind, text, format: "yaml" };
}
