import { policySpec } from "../../evaluate/fast/policy-uses.ts";
import type { Cluster } from "../../model/cluster.ts";

/** The policies of a whole cluster as a text: where it is equal, they say the same of equal pods, whomever they select. */
export function tiersText({ clusterPolicies }: Cluster): string {
  const texts = clusterPolicies.map((policy) => {
    const { subject, rules } = policySpec(policy);
    const keys = [rules.egress, rules.ingress].map((own) => own.map(({ key }) => key));
    // The name says which of one priority comes first.
    return JSON.stringify([policy.tier, policy.priority, policy.name, policy.kind, subject.key, keys]);
  });
  return texts.sort().join("\n");
}
