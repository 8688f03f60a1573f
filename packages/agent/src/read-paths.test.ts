import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPaths } from "./read-paths.ts";
import { readText } from "./read-text.ts";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "podwall-read-paths-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function write(name: string, text = name): void {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

async function namesOf(...paths: string[]): Promise<readonly string[]> {
  const { files, diagnostics } = await read(...paths);
  expect(diagnostics).toEqual([]);
  return files.map(({ name }) => name);
}

function read(...paths: string[]): ReturnType<typeof readPaths> {
  return readPaths(paths, { cwd, readStdin: async () => "from stdin" });
}

describe("readPaths", () => {
  it("reads a folder's manifests, those below it too, in the order of their names", async () => {
    for (const name of ["m/b.yaml", "m/a.yml", "m/c/d.json", "m/README.md"]) write(name);
    expect(await namesOf("m")).toEqual(["m/a.yml", "m/b.yaml", "m/c/d.json"]);
  });

  it("passes over podwall's own settings in a folder", async () => {
    for (const name of ["m/a.yaml", "m/podwall.yaml"]) write(name);
    expect(await namesOf("m")).toEqual(["m/a.yaml"]);
  });

  it.each([
    "kind: Pod\napiVersion: v1\n",
    '{"apiVersion": "v1", "kind": "Pod"}',
    "a: b\n---\n{kind: Pod, apiVersion: v1}",
  ])("reads a manifest that is called as settings are: %j", async (text) => {
    write("own/podwall.yaml", text);
    expect(await namesOf("own")).toEqual(["own/podwall.yaml"]);
  });

  it("passes over files and folders whose names start with a dot", async () => {
    for (const name of ["m/a.yaml", "m/.b.yaml", "m/.git/c.yaml"]) write(name);
    expect(await namesOf("m")).toEqual(["m/a.yaml"]);
  });

  it("reads a file that is named whatever it is called", async () => {
    write("policies.txt", "kind: Pod");
    expect(await read("policies.txt")).toEqual({
      files: [{ name: "policies.txt", text: "kind: Pod" }],
      diagnostics: [],
    });
  });

  it("reads standard input for a dash, once", async () => {
    expect(await read("-", "-")).toEqual({ files: [{ name: "<stdin>", text: "from stdin" }], diagnostics: [] });
  });

  it("ends where links lead back, and reads a file once however it is reached", async () => {
    write("m/a.yaml");
    symlinkSync("..", join(cwd, "m/up"));
    symlinkSync("a.yaml", join(cwd, "m/b.yaml"));
    expect(await namesOf("m", "m/a.yaml", ".")).toEqual(["m/a.yaml"]);
  });

  it("reports a path that is not there and reads the others", async () => {
    write("a.yaml");
    const { files, diagnostics } = await read("missing", "a.yaml");
    expect(files.map(({ name }) => name)).toEqual(["a.yaml"]);
    expect(diagnostics).toMatchObject([
      { code: "PW1016", severity: "error", message: "missing: no such file or folder", help: expect.any(String) },
    ]);
  });

  it("reports a link to nothing, and links that lead in a circle", async () => {
    write("m/a.yaml");
    symlinkSync("nowhere", join(cwd, "m/b.yaml"));
    symlinkSync("c.yaml", join(cwd, "m/c.yaml"));
    const { diagnostics } = await read("m");
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "m/b.yaml: no such file or folder",
      "m/c.yaml: links that lead in a circle",
    ]);
  });

  it("reports what is no UTF-8, or too large, and reads the others", async () => {
    write("a.yaml");
    writeFileSync(join(cwd, "latin1.yaml"), Buffer.from("kind: Pod\n# caf\xe9\n", "latin1"));
    writeFileSync(join(cwd, "utf16.yaml"), Buffer.from("\uFEFFkind: Pod\n", "utf16le"));
    writeFileSync(join(cwd, "vast.yaml"), "");
    truncateSync(join(cwd, "vast.yaml"), 300_000_000);
    const { files, diagnostics } = await read(".");
    expect(files.map(({ name }) => name)).toEqual(["a.yaml"]);
    expect(diagnostics.map(({ message, help }) => [message, help])).toEqual([
      ["latin1.yaml: line 2 is not UTF-8 text", "save it as UTF-8"],
      ["utf16.yaml: this is UTF-16, not UTF-8", "save it as UTF-8"],
      ["vast.yaml: larger than 256 MB", "split it into several files"],
    ]);
  });

  it("reports standard input that cannot be read", async () => {
    const readStdin = (): Promise<string> => readText(Readable.from([Buffer.from([0x61, 0xff])]));
    const { diagnostics } = await readPaths(["-"], { cwd, readStdin });
    expect(diagnostics.map(({ message }) => message)).toEqual(["<stdin>: line 1 is not UTF-8 text"]);
  });

  it("reports a folder that holds no manifest", async () => {
    write("m/n/README.md");
    const { diagnostics } = await read("m");
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ["PW1016", "m: no .yaml, .yml or .json file is in this folder"],
    ]);
  });

  it("takes the templates of a chart for no manifests, and reads what is beside it", async () => {
    write("m/a.yaml");
    write("m/chart/Chart.yaml");
    write("m/chart/templates/b.yaml");
    const { files, diagnostics } = await read("m");
    expect(files.map(({ name }) => name)).toEqual(["m/a.yaml"]);
    expect(diagnostics).toMatchObject([
      {
        code: "PW1016",
        message: "m/chart is a Helm chart, whose templates are no manifests",
        help: expect.any(String),
      },
    ]);
  });
});
