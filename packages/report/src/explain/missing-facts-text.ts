import type { MissingFact } from "@podwall/engine";
import { otherText } from "../coverage/coverage-text.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";

/** Why an answer is not known: what it depends on, and what to add to the input. */
export function missingFactsText(facts: readonly MissingFact[], style: Style): string {
  return [
    `  ${style.warn("unknown")}: the answer depends on what the input does not say`,
    ...facts.map((fact) => `    ${missingFactText(fact)}`),
  ].join("\n");
}

/** One fact, and what would tell it. */
export function missingFactText(fact: MissingFact): string {
  return printable(sentence(fact));
}

function sentence(fact: MissingFact): string {
  switch (fact.kind) {
    case "namespace-labels":
      return `the labels of namespace ${fact.namespace}: ${fact.askedBy === undefined ? "policies ask" : `${fact.askedBy} asks`} for ${fact.keys.join(", ")}, and its Namespace object is not in the input`;
    case "pod-address":
      return `the address of ${fact.pod}: rules name blocks of addresses, and the input has no status.podIP of it`;
    case "placement":
      return `whether ${fact.pod} runs on the node of ${fact.peer}: a pod and its own node always reach each other; spec.nodeName tells`;
    case "unknown-pod":
      return `whether ${fact.address} is a pod's: it may be one that is not in the input, and selectors may select it`;
    case "unknown-pods":
      return "whether these addresses are pods': they may be of pods that are not in the input, and selectors may select those";
    case "name-addresses":
      return `which addresses ${fact.domainNames.join(", ")} stands for: other rules treat some addresses differently`;
    case "domain-name":
      return `whether ${fact.address} is an address of ${fact.domainNames.join(", ")}`;
    case "other-policy":
      return `${otherText(fact.policy)} ${fact.policy.effect === "denies" ? "may deny it: it" : "may allow or deny it: it"} may select ${fact.pod}, and podwall does not judge by its kind`;
  }
}
