import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";

/** `egress: []` of a policy without `policyTypes`, where nothing else isolates its subjects for egress. */
export function* emptyEgress(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    const { written } = policy;
    if (written?.emptyEgress === undefined || written.policyTypes !== undefined) continue;
    const subjects = input.someSubjectsOf(policy);
    if (subjects.every((pod) => input.isolating(pod, "egress").length > 0)) continue;
    yield diagnostic("PW3005", "spec.egress: an empty list isolates nothing: without policyTypes it means [Ingress]", {
      range: written.emptyEgress.range,
      help: "to deny all egress write `policyTypes: [Ingress, Egress]`; otherwise remove `egress`",
    });
  }
}
