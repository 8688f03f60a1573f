import type { Result } from "../suites/result.ts";

/** The results as a Markdown table: a row for each suite and round, then what did not pass, by name. */
export function resultTable(rounds: readonly (readonly Result[])[]): string {
  const header = ["| suite | round | passed | failed | skipped | minutes |", "|---|--:|--:|--:|--:|--:|"];
  const rows = rounds.flatMap((results, index) =>
    suitesOf(results).map((suite) => {
      const of = results.filter((result) => result.suite === suite);
      const count = (state: string) => of.filter((result) => result.state === state).length;
      const minutes = (of.reduce((sum, { seconds }) => sum + seconds, 0) / 60).toFixed(1);
      return `| ${suite} | ${index + 1} | ${count("passed")} | ${count("failed")} | ${count("skipped")} | ${minutes} |`;
    }),
  );
  return [...header, ...rows, ...rounds.flatMap(notPassed)].join("\n");
}

function suitesOf(results: readonly Result[]): readonly string[] {
  return [...new Set(results.map(({ suite }) => suite))];
}

function notPassed(results: readonly Result[], index: number): readonly string[] {
  const failed = results.filter(({ state }) => state === "failed").map(({ name }) => `- failed: ${name}`);
  const byReason = new Map<string, string[]>();
  // Each round skips the same.
  for (const { state, name, reason = "no reason given" } of index === 0 ? results : [])
    if (state === "skipped") byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  const skipped = [...byReason].map(([reason, names]) => `- skipped, ${reason}: ${names.join("; ")}`);
  return failed.length + skipped.length === 0 ? [] : ["", `Round ${index + 1}:`, ...failed, ...skipped];
}
