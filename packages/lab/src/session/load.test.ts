import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readableOnce } from "./load.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "podwall-load-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

it("reads files, folders, and what is not there at the moment again and again", async () => {
  writeFileSync(join(cwd, "a.yaml"), "");
  expect(await readableOnce(["a.yaml", ".", "not-there.yaml"], cwd)).toBeUndefined();
});

it("knows what can be read only once: standard input and what is no file", async () => {
  expect(await readableOnce([".", "-"], cwd)).toBe("standard input");
  expect(await readableOnce([".", "/dev/null"], cwd)).toBe("/dev/null");
});
