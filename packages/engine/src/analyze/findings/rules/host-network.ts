import { isPolicyPod } from "../../../model/pod.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { placesOf, podsText } from "../words.ts";

/** Policies whose selector has the labels of pods with hostNetwork; of those for all pods, the first of a namespace. */
export function* hostNetworkSubjects(input: FindingInput): Iterable<Diagnostic> {
  const said = new Set<string>();
  for (const { namespace, podSelector } of input.policies) {
    const chosen = input.selectedIn(namespace, podSelector);
    const hosts = chosen.filter((pod) => pod.hostNetwork);
    if (hosts.length === 0) continue;
    if (podSelector.requirements.length === 0) {
      if (said.has(namespace)) continue;
      said.add(namespace);
    }
    const isAll = !chosen.some(isPolicyPod);
    const message = `spec.podSelector: ${isAll ? "all that it selects have" : "among those it selects are some with"} hostNetwork: ${podsText(hosts)}`;
    yield diagnostic("PW3020", message, {
      range: podSelector.range,
      severity: isAll ? "warning" : "info",
      related: placesOf({ message: "hostNetwork is set here", range: hosts[0]?.range }),
      help: "the policy has no effect on them; close their ports on the node, or do without hostNetwork",
    });
  }
}
