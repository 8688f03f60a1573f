import type { Result } from "../suites/result.ts";

/** The results in JUnit's XML, as CI systems read it. */
export function junit(results: readonly Result[]): string {
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const body = suites.map((suite) =>
    suiteXml(
      suite,
      results.filter((result) => result.suite === suite),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${body.join("")}</testsuites>\n`;
}

function suiteXml(suite: string, results: readonly Result[]): string {
  const count = (state: string) => results.filter((result) => result.state === state).length;
  const counts = `tests="${results.length}" failures="${count("failed")}" skipped="${count("skipped")}"`;
  return `  <testsuite name="${text(suite)}" ${counts}>\n${results.map(caseXml).join("")}  </testsuite>\n`;
}

function caseXml({ suite, name, state, seconds, reason = "", output = "" }: Result): string {
  const start = `    <testcase classname="${text(suite)}" name="${text(name)}" time="${seconds.toFixed(3)}"`;
  if (state === "passed") return `${start}/>\n`;
  const inner =
    state === "skipped"
      ? `<skipped message="${text(reason)}"/>`
      : `<failure>${text(output.slice(0, 20_000))}</failure>`;
  return `${start}>\n      ${inner}\n    </testcase>\n`;
}

/** XML has no way to write most control characters. */
function text(value: string): string {
  return value
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
