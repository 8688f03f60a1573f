import type { MissingFact } from "@podwall/engine";
import { jsonPlace } from "../json.ts";
import { missingFactText } from "./missing-facts-text.ts";

/** Facts that an answer depends on; each with a sentence. */
export function jsonMissingFacts(facts: readonly MissingFact[]): readonly Readonly<Record<string, unknown>>[] {
  return facts.map((fact) => {
    const text = missingFactText(fact);
    if (fact.kind !== "other-policy") return { ...fact, text };
    const { apiVersion, kind, namespace, name, effect, range } = fact.policy;
    return { ...fact, policy: { apiVersion, kind, namespace, name, effect, place: jsonPlace(range) }, text };
  });
}
