import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { clusterFrom, judgeAssertions, readAssertions, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../../examples");
const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "podwall-test.yaml")));

function fileOf(name: string, file: string): { readonly name: string; readonly text: string } {
  return { name: file, text: readFileSync(join(folder, name, file), "utf8") };
}

describe("the assertions of the examples", () => {
  it("are there", () => expect(names.length).toBeGreaterThan(1));

  it.each(names)("hold for %s, and each is about somebody", (name) => {
    const { assertions, diagnostics } = readAssertions(fileOf(name, "podwall-test.yaml"));
    const manifests = readdirSync(join(folder, name)).filter((file) => file.endsWith(".yaml"));
    const { objects } = readManifests(manifests.map((file) => fileOf(name, file)));
    expect(diagnostics).toEqual([]);
    const results = judgeAssertions(clusterFrom(objects), assertions);
    expect(results.map(({ assertion, outcome }) => [assertion.name, outcome])).toEqual(
      assertions.map((assertion) => [assertion.name, "passed"]),
    );
  });
});
