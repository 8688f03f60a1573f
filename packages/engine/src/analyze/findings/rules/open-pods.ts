import { tierRules } from "../../../evaluate/tier-rules.ts";
import { isPolicyPod } from "../../../model/pod.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { nameRange, placesOf, podsText, policyText } from "../words.ts";

/** Namespaces where policies close some pods to others, and leave some pods open. */
export function* openPods(input: FindingInput): Iterable<Diagnostic> {
  const closing = input.policies.filter(({ directions }) => directions.includes("ingress"));
  for (const namespace of new Set(closing.map((policy) => policy.namespace))) {
    const pods = input.podsIn(namespace).filter(isPolicyPod);
    const open = pods.filter(
      (pod) =>
        input.isolating(pod, "ingress").length === 0 &&
        !tierRules(input.cluster, pod, "Baseline", "ingress").some(({ rule }) => rule.action === "Deny"),
    );
    const policy = closing.find((one) => one.namespace === namespace && input.subjectsOf(one).length > 0);
    if (open.length === 0 || policy === undefined) continue;
    const declared = input.cluster.namespaces.get(namespace);
    yield diagnostic(
      "PW3021",
      `namespace ${namespace}: no policy selects ${podsText(open)} for ingress, so anyone may connect`,
      {
        range: open[0]?.range ?? declared?.range,
        related: placesOf({
          message: `${policyText(policy)} closes others of the namespace`,
          range: nameRange(policy),
        }),
        help: "add a policy with `podSelector: {}` and `policyTypes: [Ingress]` and no rules, and one for what these need",
      },
    );
  }
}
