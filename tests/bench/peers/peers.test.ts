import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { generateCluster } from "../generate/generate-cluster.ts";
import { mixes } from "../generate/mix.ts";
import { profiles } from "../generate/profile.ts";
import { cyclonus } from "./cyclonus.ts";
import { netpolAnalyzer } from "./netpol-analyzer.ts";
import type { Peer } from "./peer.ts";

describe("netpol-analyzer's connections", () => {
  it("are counted between workloads, not with ranges of addresses", () => {
    const list = [
      { src: "0.0.0.0-255.255.255.255", dst: "a/web[Pod]", conn: "All Connections" },
      { src: "a/web[Pod]", dst: "a/db[Deployment]", conn: "TCP 80" },
      { src: "a/web[Pod]", dst: "10.0.0.0-10.255.255.255", conn: "TCP 443" },
    ];
    expect(netpolAnalyzer.countPairs(JSON.stringify(list))).toBe(1);
  });
});

describe("cyclonus's tables", () => {
  it("are counted where both directions allow, without the diagonal, for the first port alone", () => {
    const rule = "+-----+-----+-----+";
    const sheet = (rows: readonly string[]): string =>
      [rule, "|     | X/A | X/B |", rule, ...rows, rule, ""].join("\n");
    const text = [
      `probe:\nIngress:\n${sheet(["| x/a | .   | .   |", "| x/b | .   | .   |"])}`,
      `Combined:\n${sheet(["| x/a | .   | .   |", "| x/b | X   | .   |"])}`,
      `\nCombined:\n${sheet(["| x/a | .   | .   |", "| x/b | .   | .   |"])}`,
    ].join("\n");
    expect(cyclonus.countPairs(text)).toBe(1);
  });

  it("are missed when they are not there", () => {
    expect(() => cyclonus.countPairs("level=fatal")).toThrow("no combined table");
  });
});

describe("what cyclonus gets", () => {
  it("is every policy in a file of its own, and every pod with the port it is asked about", () => {
    const [profile] = profiles;
    const [mix] = mixes;
    if (profile === undefined || mix === undefined) throw new Error("there is no profile or mix");
    const cluster = generateCluster({ profile, mix, form: "pods", dualStack: false, seed: "1" });
    const scratch = mkdtempSync(join(tmpdir(), "podwall-bench-test-"));
    try {
      cyclonus.prepare({ folder: "", cluster, scratch });
      const files = readdirSync(join(scratch, "policies")).map((name) => ({
        name,
        text: readFileSync(join(scratch, "policies", name), "utf8"),
      }));
      const { objects, diagnostics } = readManifests(files);
      expect(diagnostics).toEqual([]);
      expect([files.length, objects.length]).toEqual([50, 50]);
      const model = JSON.parse(readFileSync(join(scratch, "model.json"), "utf8"));
      expect(model.Resources.Pods.length).toBe(100);
      for (const { Containers } of model.Resources.Pods) {
        expect(Containers.filter(({ Port }: { Port: number }) => Port === 8080).length).toBe(1);
      }
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});

describe("every peer", () => {
  it.each([netpolAnalyzer, cyclonus] satisfies Peer[])("$name is pinned in its go.mod and go.sum", (peer) => {
    const folder = join(import.meta.dirname, peer.name);
    const module = peer.package.split("/").slice(0, 3).join("/");
    expect(readFileSync(join(folder, "go.mod"), "utf8")).toContain(`\t${module} ${peer.version} // indirect\n`);
    expect(readFileSync(join(folder, "go.mod"), "utf8")).toContain(`tool ${peer.package}\n`);
    expect(readFileSync(join(folder, "go.sum"), "utf8")).toContain(`${module} ${peer.version} h1:`);
  });
});
