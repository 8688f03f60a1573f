import type { NetworkPolicy } from "../../../model/network-policy.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import { selects } from "../../../model/selector.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { type NearLabels, nearLabels } from "../near-labels.ts";
import { listText, nameRange, placesOf, podText, podsText, selectorText } from "../words.ts";

/** Policies that select no pod of the input, where the input has pods they may be about. */
export function* selectsNothing(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    const { podSelector, namespace, written } = policy;
    const all = input.podsIn(namespace);
    // A pod with hostNetwork that has the labels is a finding of its own.
    if (podSelector.requirements.length === 0 || input.selectedIn(namespace, podSelector).length > 0) continue;
    const near = nearLabels(podSelector, all.filter(isPolicyPod));
    const elsewhere = near === undefined ? podsElsewhere(input, policy) : [];
    if (elsewhere.length > 0 && (written?.namesNamespace === false || all.length > 0)) {
      yield inOtherNamespace(policy, elsewhere);
    } else if (all.length > 0 && (near !== undefined || input.makers.length === 0)) {
      yield selectsNone(policy, { all, near, isComplete: input.isComplete(namespace) });
    }
  }
}

interface Known {
  readonly all: readonly Pod[];
  readonly near: NearLabels<Pod> | undefined;
  readonly isComplete: boolean;
}

function selectsNone({ podSelector, namespace }: NetworkPolicy, { all, near, isComplete }: Known): Diagnostic {
  const count = new Set(all.map(podText)).size;
  const among = `of the ${count} workloads and pods that the input has in namespace ${namespace}`;
  const unsure = near === undefined && !isComplete;
  return diagnostic("PW3007", `spec.podSelector: ${selectorText(podSelector)} selects none ${among}`, {
    range: podSelector.range,
    severity: unsure ? "info" : "warning",
    ...(near === undefined
      ? {
          help: unsure ? "if its pods are in other files, name these too" : "compare the labels with those of the pods",
        }
      : {
          related: placesOf({ message: `${podText(near.item)} is labelled so`, range: near.item.range }),
          help: `${podText(near.item)} has ${near.key}=${near.value}; write \`${near.key}: ${near.value}\``,
        }),
  });
}

function inOtherNamespace(policy: NetworkPolicy, elsewhere: readonly Pod[]): Diagnostic {
  const { namespace, written, podSelector } = policy;
  const names = [...new Set(elsewhere.map((pod) => pod.namespace))];
  const here = written?.namesNamespace === false ? `${namespace}, as none is written` : namespace;
  const message = `metadata.namespace: the policy is in namespace ${here}; ${selectorText(podSelector)} selects ${podsText(elsewhere)}`;
  return diagnostic("PW3010", message, {
    range: nameRange(policy),
    related: placesOf({ message: `${podText(elsewhere[0] as Pod)} is here`, range: elsewhere[0]?.range }),
    help: `write \`namespace: ${names[0]}\` under \`metadata\`${names.length > 1 ? `, or a policy for each of ${listText(names)}` : ""}`,
  });
}

/** Pods of other namespaces that the policy would select there. */
function podsElsewhere(input: FindingInput, { podSelector, namespace }: NetworkPolicy): readonly Pod[] {
  const wanted = podSelector.requirements.find(({ operator }) => operator === "In");
  if (wanted === undefined) return [];
  return wanted.values
    .flatMap((value) => input.podsWith(wanted.key, value))
    .filter((pod) => pod.namespace !== namespace && selects(podSelector, pod.labels));
}
