import { type AssertionResult, type Cluster, formatRange } from "@podwall/engine";
import { counted } from "../counted.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { counterExampleText, failureReason } from "./failure-text.ts";

/** A line for each assertion, the explanation of each that did not pass, and a line that sums it up. */
export function assertionsText(cluster: Cluster, results: readonly AssertionResult[], style: Style): string {
  const lines = results.flatMap((result) => resultLines(cluster, result, style));
  return [...lines, assertionsSummary(results)].join("\n");
}

function resultLines(cluster: Cluster, result: AssertionResult, style: Style): string[] {
  const { assertion, outcome, pairs } = result;
  const name = printable(assertion.name);
  if (outcome === "passed") {
    return [`${style.good("ok")}    ${name} ${style.dim(`(${counted(pairs, "pair")})`)}`];
  }
  const explanation = counterExampleText(cluster, result, style);
  return [
    `${label(outcome, style)} ${name} ${style.dim(`(${printable(formatRange(assertion.range))})`)}`,
    `      ${failureReason(result)}`,
    ...explanation.split("\n").flatMap((line) => (line === "" ? [] : [`      ${line}`])),
  ];
}

function label(outcome: AssertionResult["outcome"], style: Style): string {
  if (outcome === "unknown") return style.warn("UNKNOWN");
  return style.bad(outcome === "empty" ? "EMPTY" : "FAIL ");
}

/** `3 assertions: 2 passed, 1 failed`. */
export function assertionsSummary(results: readonly AssertionResult[]): string {
  const count = (outcome: AssertionResult["outcome"]): number =>
    results.filter((result) => result.outcome === outcome).length;
  const [passed, failed, unknown, empty] = [count("passed"), count("failed"), count("unknown"), count("empty")];
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} cannot be shown`] : []),
    ...(empty > 0 ? [`${empty} about nobody`] : []),
  ];
  return `${counted(results.length, "assertion")}: ${parts.join(", ")}`;
}
