import { type AssertionResult, type Cluster, formatConnections, verdict } from "@podwall/engine";
import { counted } from "../counted.ts";
import { pairText } from "../pair-text.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { verdictText } from "../verdict-text.ts";

/** Why an assertion did not pass, in one line. */
export function failureReason({ assertion, outcome, pairs, failing, emptyEnds }: AssertionResult): string {
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

/** The first pair that is not as asserted, explained. */
export function counterExampleText(cluster: Cluster, { counterExample }: AssertionResult, style: Style): string {
  if (counterExample === undefined) return "";
  const { source, destination, at } = counterExample;
  return at === undefined
    ? pairText(cluster, source, destination, style)
    : verdictText(cluster, verdict(cluster, { source, destination, ...at }), style);
}
