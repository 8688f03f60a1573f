import { type ConnectionSet, formatConnections, intersect, isEmpty } from "../../net/connection-set.ts";
import type { MissingFact } from "../unknown/missing-fact.ts";
import type { PairAnswer } from "../unknown/pair-answer.ts";
import type { Reached } from "./reach.ts";

/** What of an answer is about `only`; undefined where nothing may pass. */
export function reached({ certain, uncertain, missing }: PairAnswer, only: ConnectionSet): Reached | undefined {
  const [connections, open] = [intersect(only, certain), intersect(only, uncertain)];
  if (!isEmpty(open)) return { connections, unknown: { connections: open, missing } };
  return isEmpty(connections) ? undefined : { connections };
}

/** One text for the same sets. */
export function reachedText({ connections, unknown }: Reached): string {
  return `${formatConnections(connections)} ${unknown === undefined ? "" : formatConnections(unknown.connections)}`;
}

/** Facts that say something else; of a policy that is not judged by, those of another object or pod. */
export function distinctFacts(facts: readonly MissingFact[]): readonly MissingFact[] {
  const found = new Map<string, MissingFact>();
  for (const fact of facts) {
    const key =
      fact.kind === "other-policy"
        ? `${fact.pod} ${fact.policy.apiVersion} ${fact.policy.kind} ${fact.policy.namespace}/${fact.policy.name}`
        : JSON.stringify(fact);
    if (!found.has(key)) found.set(key, fact);
  }
  return [...found.values()];
}
