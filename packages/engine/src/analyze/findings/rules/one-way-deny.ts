import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { nameRange, policyText } from "../words.ts";

/**
 * A policy that by its name denies all, selects all pods and closes only ingress, while nothing closes egress. One that
 * says `policyTypes: [Ingress]` and does not claim more is meant so.
 */
export function* oneWayDeny(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    const { podSelector, directions, ingress, name, written } = policy;
    if (podSelector.requirements.length > 0 || directions.includes("egress") || ingress.length > 0) continue;
    const isUnsaid = written?.policyTypes === undefined;
    const claimsAll = /deny-?all|all-?deny|default-?deny-?(all|everything)|isolate-?all/i.test(name);
    const claims = claimsAll || (isUnsaid && /deny|isolat|block/i.test(name));
    if (!claims || /ingress|inbound|incoming/i.test(name)) continue;
    if (written?.emptyEgress !== undefined || (written?.inert.length ?? 0) > 0) continue;
    const subjects = input.someSubjectsOf(policy);
    if (!subjects.some((pod) => input.isolating(pod, "egress").length === 0)) continue;
    yield diagnostic("PW3003", `${policyText(policy)} isolates for ingress only: its pods may still send everything`, {
      range: written?.policyTypes?.range ?? nameRange(policy),
      severity: isUnsaid ? "warning" : "info",
      help: "to deny both write `policyTypes: [Ingress, Egress]`, and allow DNS; else let the name say `ingress`",
    });
  }
}
