import { type AssertionResult, type Cluster, positionAt } from "@podwall/engine";
import { type JunitCase, junitXml } from "../junit.ts";
import { plainStyle } from "../style.ts";
import { counterExampleText, failureReason } from "./failure-text.ts";

/** A test case for each assertion. */
export function assertionsJunit(cluster: Cluster, results: readonly AssertionResult[]): string {
  return junitXml([{ name: "podwall test", cases: results.map((result) => testCase(cluster, result)) }]);
}

function testCase(cluster: Cluster, result: AssertionResult): JunitCase {
  const { assertion, outcome } = result;
  const { file, start } = assertion.range;
  const { line } = positionAt(file, start);
  const place = { name: assertion.name, file: file.name, line };
  if (outcome === "passed") return place;
  const text = counterExampleText(cluster, result, plainStyle);
  return { ...place, failure: { type: outcome, message: failureReason(result), text } };
}
