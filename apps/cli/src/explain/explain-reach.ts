import { endIn, reachOf } from "@podwall/engine";
import { isSure, jsonReach, reachText } from "@podwall/report";
import { styleFor } from "../colour.ts";
import { findEndpoint } from "../find-endpoint.ts";
import type { ExplainAnswer, ExplainInput } from "./explain-input.ts";
import type { Question } from "./question.ts";

/** Whom one end may reach, or who may reach it; on one port where that is asked. */
export function explainReach(
  { context, flags, cluster, given, seen }: ExplainInput,
  { target, as }: Extract<Question, { readonly kind: "reach" }>,
): ExplainAnswer {
  const found = findEndpoint(given, target.name, flags.namespace);
  if ("problem" in found) return found;
  const { protocol, port } = target;
  const only = port === undefined ? {} : { port: { protocol, port } };
  const reach = reachOf(seen, { end: endIn(cluster, found.endpoint), as, ...only });
  return {
    text: reachText(reach, styleFor(context.process.stdout)),
    kind: "Reach",
    fields: jsonReach(reach),
    isYes: [...reach.pods, ...reach.addresses, ...reach.names].some(isSure),
  };
}
