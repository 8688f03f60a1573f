import type { Prepared } from "../settings.ts";
import type { Result } from "../suites/result.ts";

/**
 * The results as a Markdown table: a row for each suite and round, then what did not pass, by name. Minutes are those of all specs
 * added up, some of which run at the same time.
 */
export function resultTable(rounds: readonly (readonly Result[])[]): string {
  const header = ["| suite | round | passed | failed | skipped | minutes of specs |", "|---|--:|--:|--:|--:|--:|"];
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

/** The versions of what was tested and what it was tested with, and how, in a line each. */
export function versionLines({ versions, settings }: Pick<Prepared, "versions" | "settings">): string {
  const all = {
    ...versions,
    nodes: String(settings.nodes),
    "kube-proxy": settings.proxyMode,
    CNI: settings.cni,
    "IP families": settings.families,
  };
  return Object.entries(all)
    .map(([name, version]) => `- ${name}: ${version}`)
    .join("\n");
}

function suitesOf(results: readonly Result[]): readonly string[] {
  return [...new Set(results.map(({ suite }) => suite))];
}

function notPassed(results: readonly Result[], index: number): readonly string[] {
  const failed = results.filter(({ state }) => state === "failed").map(({ name }) => `- failed: ${name}`);
  // Each round leaves out the same.
  const leftOut =
    index > 0
      ? []
      : results.flatMap(({ state, name, reason = "no reason given", without }) => {
          if (state === "skipped") return [{ name, what: `skipped, ${reason}` }];
          return without === undefined ? [] : [{ name, what: `run without its ${without}` }];
        });
  const whats = [...new Set(leftOut.map(({ what }) => what))];
  const listed = whats.map((what) => {
    const names = leftOut.filter((one) => one.what === what).map(({ name }) => name);
    return `- ${what} (${names.length}): ${names.join("; ")}`;
  });
  return failed.length + listed.length === 0 ? [] : ["", `Round ${index + 1}:`, ...failed, ...listed];
}
