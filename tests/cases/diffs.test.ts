import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { clusterFrom, diffClusters, readManifests } from "@podwall/engine";
import { diffText, plainStyle } from "@podwall/report";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../diffs");
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

function textOf(name: string, file: string): string {
  return readFileSync(join(folder, name, file), "utf8");
}

describe("the diff cases", () => {
  it("are there", () => expect(names.length).toBeGreaterThan(4));

  it.each(names)("%s", (name) => {
    const [before, after] = ["before.yaml", "after.yaml"].map((file) => {
      const { objects, diagnostics } = readManifests([{ name: file, text: textOf(name, file) }]);
      expect(diagnostics).toEqual([]);
      return clusterFrom(objects);
    });
    if (before === undefined || after === undefined) throw new Error("a case has two states");
    expect(`${diffText(diffClusters(before, after), plainStyle)}\n`).toBe(textOf(name, "expected.txt"));
  });
});
