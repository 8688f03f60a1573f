import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { linkMemoryIn } from "./link-memory.ts";

let folder: string;
beforeEach(() => {
  troubles = [];
  folder = mkdtempSync(join(tmpdir(), "podwall-links-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

let troubles: string[] = [];
const memory = (where = folder) => linkMemoryIn(where, "n/1", (why) => troubles.push(why));

describe("the memory of links", () => {
  it("is there for the next agent", async () => {
    memory(join(folder, "new")).keep(new Map([["shop/web 1", "cali1"]]));
    expect(await memory(join(folder, "new")).recall()).toEqual(new Map([["shop/web 1", "cali1"]]));
  });

  it("is empty where nothing was kept, or nothing of sense", async () => {
    expect(await memory().recall()).toBeUndefined();
    for (const [text, kept] of [
      ["", undefined],
      ["{", undefined],
      ["{}", undefined],
      ["[1, [2]]", new Map()],
    ] as const) {
      writeFileSync(join(folder, "links-n%2F1.json"), text);
      expect(await memory().recall()).toEqual(kept);
    }
  });

  it("is written anew for other links only", async () => {
    const [one, file] = [memory(), join(folder, "links-n%2F1.json")];
    const links = new Map([["shop/web 1", "cali1"]]);
    one.keep(links);
    writeFileSync(file, "[]");
    one.keep(links);
    one.keep(new Map(links));
    expect(await one.recall()).toEqual(new Map());
    one.keep(new Map([["shop/web 2", "cali1"]]));
    expect(await one.recall()).toEqual(new Map([["shop/web 2", "cali1"]]));
  });

  it("is written once it can be, where it could not", async () => {
    writeFileSync(join(folder, "later"), "");
    const [one, links] = [memory(join(folder, "later")), new Map([["shop/web 1", "cali1"]])];
    one.keep(links);
    rmSync(join(folder, "later"));
    one.keep(links);
    expect(await one.recall()).toEqual(links);
  });

  it("says once where nothing can be kept", () => {
    writeFileSync(join(folder, "file"), "");
    const broken = memory(join(folder, "file"));
    broken.keep(new Map([["a", "b"]]));
    broken.keep(new Map([["a", "c"]]));
    expect(troubles).toEqual([expect.stringContaining("file")]);
  });
});
