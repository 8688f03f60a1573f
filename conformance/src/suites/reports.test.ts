import { describe, expect, it } from "vitest";
import { readCyclonusOutput } from "./cyclonus-output.ts";
import { readGinkgoReport } from "./ginkgo-report.ts";
import { parseGoTest } from "./go-test-output.ts";
import { testsIn } from "./upstream-tests.ts";

describe("Ginkgo's report", () => {
  it("tells of each spec its whole name, what became of it and what it said", () => {
    const spec = (fields: object) => ({
      LeafNodeType: "It",
      ContainerHierarchyTexts: ["[sig] Netpol", "between"],
      LeafNodeLocation: { FileName: "/test/e2e/network/netpol/network_policy.go" },
      ...fields,
    });
    const report = [
      {
        SpecReports: [
          spec({ LeafNodeText: "a", State: "passed", RunTime: 2.5e9, StartTime: "2026-01-01T00:00:00Z" }),
          spec({
            LeafNodeText: "b",
            State: "timedout",
            Failure: { Message: "late" },
            CapturedGinkgoWriterOutput: "log",
          }),
          spec({ LeafNodeText: "c", State: "skipped", Failure: { Message: "no SCTP" } }),
          { ...spec({ State: "passed" }), LeafNodeType: "BeforeSuite" },
        ],
      },
    ];
    const [a, b, c, ...rest] = readGinkgoReport(JSON.stringify(report));
    expect(a).toMatchObject({ name: "[sig] Netpol between a", result: { state: "passed", seconds: 2.5 } });
    expect(b).toMatchObject({ result: { state: "failed", output: "late\n\nlog" } });
    expect(c).toMatchObject({ result: { state: "skipped", reason: "no SCTP" } });
    expect(rest).toEqual([]);
  });
});

describe("what the program of cyclonus' cases prints", () => {
  it("is read into the cases, with what cyclonus said of each", () => {
    const of = (fields: object) =>
      JSON.stringify({ case: 7, description: "egress: deny all", tags: ["egress"], ...fields });
    const output = readCyclonusOutput([
      `podwall-case ${of({})}`,
      "resources:",
      `podwall-start ${of({})}`,
      "Discrepancy found: 3 wrong",
      `podwall-end ${of({ passed: false, error: "no pod", startedAtMs: 5, seconds: 2.5 })}`,
      "the end",
    ]);
    expect(output.listed).toEqual([{ case: 7, description: "egress: deny all", tags: ["egress"] }]);
    expect(output.ended).toMatchObject([
      { case: 7, passed: false, seconds: 2.5, said: "no pod\n\nDiscrepancy found: 3 wrong" },
    ]);
    expect(output.unfinished).toBe("the end");
  });
});

describe("what a Go test program prints", () => {
  it("is read into each test and part of one, with what the failed and skipped ones said", () => {
    const lines = `=== RUN   TestConformance
    suite.go:1: setting up
=== RUN   TestConformance/One
=== RUN   TestConformance/One/should_work
    one.go:7: wrong
        detail
=== RUN   TestConformance/Two
    two.go:3: not here
--- FAIL: TestConformance (3.00s)
    --- FAIL: TestConformance/One (2.50s)
        --- FAIL: TestConformance/One/should_work (2.00s)
    --- SKIP: TestConformance/Two (0.00s)
FAIL`.split("\n");
    const results = new Map(parseGoTest(lines).map((result) => [result.name, result]));
    expect(results.get("TestConformance/One/should_work")).toEqual({
      name: "TestConformance/One/should_work",
      state: "failed",
      seconds: 2,
      output: "    one.go:7: wrong\n        detail",
    });
    expect(results.get("TestConformance/Two")).toMatchObject({ state: "skipped", reason: "two.go:3: not here" });
    expect(results.size).toBe(4);
  });
});

describe("upstream's tests of ClusterNetworkPolicy", () => {
  it("are found in its source, with their parts and what those probe", () => {
    const source = `var One = suite.ConformanceTest{
	ShortName:   "CNPOne",
	Test: func(t *testing.T) {
		t.Run("Should allow 'all'", func(t *testing.T) {
			PokeServer(t, "tcp")
			PokeServer(t, "SCTP")
		})
		t.Run("Should deny", func(t *testing.T) { PokeServer(t, "sctp") })
	},
}
var Two = suite.ConformanceTest{
	ShortName:   "CNPTwo",
	Test: func(t *testing.T) { t.Run("plain", func(t *testing.T) { PokeServer(t, "udp") }) },
}`;
    expect(testsIn(source)).toEqual([
      {
        name: "CNPOne",
        parts: [
          { name: "Should_allow_'all'", sctp: "some" },
          { name: "Should_deny", sctp: "all" },
        ],
      },
      { name: "CNPTwo", parts: [{ name: "plain", sctp: "none" }] },
    ]);
  });
});
