import { blastRadiusOf, isSamePod } from "@podwall/engine";
import { blastRadiusText, isSure, jsonBlastRadius } from "@podwall/report";
import { styleFor } from "../colour.ts";
import { findEndpoint } from "../find-endpoint.ts";
import type { ExplainAnswer, ExplainInput } from "./explain-input.ts";
import type { Question } from "./question.ts";

/** What a pod reaches if it is taken over. */
export function explainBlastRadius(
  { context, flags, cluster, given, seen }: ExplainInput,
  { end }: Extract<Question, { readonly kind: "blast-radius" }>,
): ExplainAnswer {
  const found = findEndpoint(given, end, flags.namespace);
  if ("problem" in found) return found;
  if (found.endpoint.kind !== "pod") {
    return { problem: `--blast-radius is of a pod, and ${end} is an address that no pod of the input has` };
  }
  const { pod } = found.endpoint;
  const start = cluster.pods.find((other) => isSamePod(other, pod)) ?? pod;
  const blast = blastRadiusOf(seen, start, { mostHops: flags.hops });
  return {
    text: blastRadiusText(blast, styleFor(context.process.stdout)),
    kind: "BlastRadius",
    fields: jsonBlastRadius(blast),
    isYes: [...blast.ends, ...blast.outside].some(isSure),
  };
}
