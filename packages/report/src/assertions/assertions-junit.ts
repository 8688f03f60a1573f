import { type AssertionResult, type Cluster, positionAt } from "@podwall/engine";
import { plainStyle } from "../style.ts";
import { counterExampleText, failureReason } from "./failure-text.ts";

/** The XML that JUnit's Ant task writes, which every CI reads: a test case for each assertion. */
export function assertionsJunit(cluster: Cluster, results: readonly AssertionResult[]): string {
  const failures = results.filter(({ outcome }) => outcome !== "passed").length;
  const counts = `tests="${results.length}" failures="${failures}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="podwall" ${counts}>`,
    `  <testsuite name="podwall test" ${counts}>`,
    ...results.flatMap((result) => testCase(cluster, result)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(cluster: Cluster, result: AssertionResult): string[] {
  const { assertion, outcome } = result;
  const { file, start } = assertion.range;
  const { line } = positionAt(file, start);
  const open = `    <testcase name="${xml(assertion.name)}" classname="${xml(file.name)}" file="${xml(file.name)}" line="${line}"`;
  if (outcome === "passed") return [`${open}/>`];
  const explanation = counterExampleText(cluster, result, plainStyle);
  return [
    `${open}>`,
    `      <failure type="${outcome}" message="${xml(failureReason(result))}">${xml(explanation)}</failure>`,
    "    </testcase>",
  ];
}

/** Text for an attribute or an element. Characters that XML 1.0 cannot hold are replaced. */
function xml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
      .replaceAll(
        /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
        "\ufffd",
      )
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}
