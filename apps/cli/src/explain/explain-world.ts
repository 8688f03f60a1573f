import { endIn, isolatingPolicies, reachOf } from "@podwall/engine";
import { endpointText, isSure, isolationText, jsonReach, outsideReachText } from "@podwall/report";
import { styleFor } from "../colour.ts";
import { findEndpoint } from "../find-endpoint.ts";
import type { ExplainAnswer, ExplainInput } from "./explain-input.ts";
import type { Question } from "./question.ts";

/** Which addresses outside may reach an end, or may be reached by it. */
export function explainWorld(
  { context, flags, cluster, given, seen }: ExplainInput,
  { end, as, target: { protocol, port } }: Extract<Question, { readonly kind: "world" }>,
): ExplainAnswer {
  const found = findEndpoint(given, end, flags.namespace);
  if ("problem" in found) return found;
  if (found.endpoint.kind === "address") return { problem: "policies are about pods: one of the ends must be one" };
  const only = port === undefined ? {} : { port: { protocol, port } };
  const reach = reachOf(seen, { end: endIn(cluster, found.endpoint), as, ...only, areOutside: true });
  const style = styleFor(context.process.stdout);
  const name = endpointText(reach.end);
  const ends = as === "source" ? `${name} -> world` : `world -> ${name}`;
  const what = port === undefined ? "" : ` ${protocol} ${port}`;
  const lines = outsideReachText(reach, style);
  const isYes = [...reach.addresses, ...reach.names].some(isSure);
  const { pod } = found.endpoint;
  const why = (): string[] =>
    [
      ...isolationText(isolatingPolicies(cluster, pod, as === "source" ? "egress" : "ingress"), style),
      "no rule allows an address outside; name one in place of world to see why, for each rule",
    ].map((line) => `  ${line}`);
  const answer = isYes ? style.good("allowed") : lines.length > 0 ? style.warn("unknown") : style.bad("denied");
  return {
    text: [`${ends}${what}: ${answer}`, ...(lines.length > 0 ? lines.map((line) => `  ${line}`) : why())].join("\n"),
    kind: "Reach",
    fields: jsonReach({ ...reach, pods: [], closedPods: 0 }),
    isYes,
  };
}
