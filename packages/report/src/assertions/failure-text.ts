import { type AssertionResult, type Cluster, type CounterExample, formatConnections, verdict } from "@podwall/engine";
import { counted } from "../counted.ts";
import { missingFactsText } from "../explain/missing-facts-text.ts";
import { pairText } from "../pair-text.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { verdictText } from "../verdict-text.ts";

/** Why an assertion did not pass, in one line. */
export function failureReason(result: AssertionResult): string {
  const { assertion, outcome, pairs, failing, emptyEnds } = result;
  if (outcome === "unknown") return unknownReason(result);
  if (outcome === "empty") {
    return emptyEnds.length === 0
      ? "its ends are one and the same pod, or have no address family in common"
      : `nobody is ${emptyEnds.map(({ text }) => printable(text)).join(" and nobody is ")}`;
  }
  const which = `${failing} of ${counted(pairs, "pair")}`;
  if (assertion.ports === "any") return `${which} should be allowed something, and may exchange nothing`;
  const ports = formatConnections(assertion.ports);
  if (assertion.effect === "allow") return `${which} should be allowed ${ports}, and may not exchange all of it`;
  return `${which} should exchange ${ports === "all" ? "nothing" : `nothing of ${ports}`}, and may`;
}

function unknownReason({ assertion, unknown, unclear }: AssertionResult): string {
  if (unclear?.example === undefined) return "it cannot be shown: whether its ends are anybody is not known";
  const which = counted(unknown, "pair");
  const wanted = assertion.effect === "allow" ? "may be denied" : "may be allowed";
  return `it cannot be shown: of ${which} it is not known, and what should be ${assertion.effect === "allow" ? "allowed" : "denied"} ${wanted}`;
}

/** The first pair that is not as asserted, or of which that is not known, explained. */
export function counterExampleText(cluster: Cluster, result: AssertionResult, style: Style): string {
  const { outcome, counterExample, unclear } = result;
  if (outcome !== "unknown") return counterExample === undefined ? "" : exampleText(cluster, counterExample, style);
  const facts = unclear === undefined ? "" : missingFactsText(unclear.missing, style);
  const example = unclear?.example && exampleText(cluster, unclear.example, style, "unknown");
  return [...(example === undefined ? [] : [example]), facts].join("\n");
}

function exampleText(
  cluster: Cluster,
  { source, destination, at }: CounterExample,
  style: Style,
  certainty: "known" | "unknown" = "known",
): string {
  return at === undefined
    ? pairText(cluster, source, destination, style)
    : verdictText(cluster, verdict(cluster, { source, destination, ...at }), style, certainty);
}
