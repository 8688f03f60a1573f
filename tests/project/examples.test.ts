import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const names = readdirSync(join(root, "examples"));
const text = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");

/** What the examples answer is tested with the cases; this is about how they are presented. */
describe("the examples", () => {
  it("are there", () => expect(names.length).toBeGreaterThan(10));

  it.each(names)("%s is read without a word of complaint", (name) => {
    const files = readdirSync(join(root, "examples", name)).filter((file) => file.endsWith(".yaml"));
    const { objects, diagnostics } = readManifests(
      files.map((file) => ({ name: file, text: text("examples", name, file) })),
    );
    expect(objects.length).toBeGreaterThan(2);
    expect(diagnostics).toEqual([]);
  });

  it.each(names)("%s shows something, says how to see it, and is in the table of the README", (name) => {
    expect(text("examples", name, "expected.txt")).toMatch(/ denied$/m);
    expect(text("examples", name, "README.md")).toContain(
      name === "online-shop" ? "npm start\n" : `examples/${name} --once`,
    );
    expect(text("README.md")).toContain(`[${name}](examples/${name}/README.md)`);
  });

  it.each(["README.md", "CONTRIBUTING.md", ...names.map((name) => `examples/${name}/README.md`)])(
    "%s has no dead link",
    (page) => {
      const links = [...text(page).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link as string);
      const folder = join(root, page, "..");
      expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
    },
  );
});
