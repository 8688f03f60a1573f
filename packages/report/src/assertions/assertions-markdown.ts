import { type AssertionResult, type Cluster, formatRange } from "@podwall/engine";
import { markdownBlock, markdownRow, markdownText } from "../escape/markdown-text.ts";
import { plainStyle } from "../style.ts";
import { assertionsSummary } from "./assertions-text.ts";
import { counterExampleText, failureReason } from "./failure-text.ts";

const outcomes = { passed: "ok", failed: "**failed**", empty: "**about nobody**", unknown: "**unknown**" } as const;

/** For a job's summary or a review's comment: a row for each assertion, then what failed with its explanation. */
export function assertionsMarkdown(cluster: Cluster, results: readonly AssertionResult[]): string {
  const rows = results.map(({ assertion, outcome, pairs }) =>
    markdownRow([outcomes[outcome], markdownText(assertion.name), `${pairs}`]),
  );
  const table = [markdownRow(["", "assertion", "pairs"]), markdownRow(["---", "---", "---:"]), ...rows, ""];
  const failures = results.filter(({ outcome }) => outcome !== "passed").map((result) => failure(cluster, result));
  return ["### podwall test", "", `${assertionsSummary(results)}.`, "", ...table, ...failures].join("\n");
}

function failure(cluster: Cluster, result: AssertionResult): string {
  const { assertion } = result;
  const explanation = counterExampleText(cluster, result, plainStyle);
  return [
    `#### ${markdownText(assertion.name)}`,
    "",
    `${markdownText(formatRange(assertion.range))}: ${markdownText(failureReason(result))}`,
    "",
    ...(explanation === "" ? [] : [markdownBlock(explanation.split("\n")), ""]),
  ].join("\n");
}
