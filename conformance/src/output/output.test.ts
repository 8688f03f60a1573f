import { describe, expect, it } from "vitest";
import type { Result } from "../suites/result.ts";
import { junit } from "./junit.ts";
import { resultTable } from "./table.ts";

const results: readonly Result[] = [
  { suite: "one", name: "works", state: "passed", seconds: 60, without: "SCTP probes" },
  { suite: "one", name: "breaks", state: "failed", seconds: 30, output: 'said "<no>" & \u0001' },
  { suite: "two", name: "waits", state: "skipped", seconds: 0, reason: "no SCTP" },
];

describe("the results of a run", () => {
  it("are a table with a row for each suite and round, and then what did not pass", () => {
    expect(resultTable([results, results.slice(0, 1)])).toBe(
      [
        "| suite | round | passed | failed | skipped | minutes of specs |",
        "|---|--:|--:|--:|--:|--:|",
        "| one | 1 | 1 | 1 | 0 | 1.5 |",
        "| two | 1 | 0 | 0 | 1 | 0.0 |",
        "| one | 2 | 1 | 0 | 0 | 1.0 |",
        "",
        "Round 1:",
        "- failed: breaks",
        "- run without its SCTP probes (1): works",
        "- skipped, no SCTP (1): waits",
      ].join("\n"),
    );
  });

  it("are JUnit's XML, whatever the specs said", () => {
    const xml = junit(results);
    expect(xml).toContain('<testsuite name="one" tests="2" failures="1" skipped="0">');
    expect(xml).toContain("<failure>said &quot;&lt;no&gt;&quot; &amp; ?</failure>");
    expect(xml).toContain('<skipped message="no SCTP"/>');
  });
});
