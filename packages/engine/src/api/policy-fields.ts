/** The fields of a NetworkPolicy. */
export const policyFields: readonly string[] = ["apiVersion", "kind", "metadata", "spec"];
/** The fields of its `spec`. */
export const specFields: readonly string[] = ["podSelector", "policyTypes", "ingress", "egress"];
