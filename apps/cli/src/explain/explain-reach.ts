import { allConnections, endIn, portsOf, reachOf } from "@podwall/engine";
import { jsonReach, reachText } from "@podwall/report";
import { styleFor } from "../colour.ts";
import { findEndpoint } from "../find-endpoint.ts";
import type { ExplainAnswer, ExplainInput } from "./explain-input.ts";
import type { Question } from "./question.ts";

/** Whom one end may reach, or who may reach it; on one port where that is asked. */
export function explainReach(
  { context, flags, cluster, given }: ExplainInput,
  { target, as }: Extract<Question, { readonly kind: "reach" }>,
): ExplainAnswer {
  const found = findEndpoint(given, target.name, flags.namespace);
  if ("problem" in found) return found;
  const { protocol, port } = target;
  const only = port === undefined ? allConnections : portsOf(protocol, [{ first: port, last: port }]);
  const reach = reachOf(cluster, endIn(cluster, found.endpoint), as, only);
  return {
    text: reachText(reach, styleFor(context.process.stdout)),
    kind: "Reach",
    fields: jsonReach(reach),
    isYes: reach.pods.length + reach.addresses.length + reach.names.length > 0,
  };
}
