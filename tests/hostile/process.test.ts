import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostileInputs } from "./hostile-inputs.ts";

const program = join(import.meta.dirname, "../../apps/cli/bin/podwall.mjs");
/** Bounds, not measurements: so much is there on any machine, and no bad input may need more. */
const heapMb = 2_048;
const timeoutMs = 120_000;
/** Whatever a terminal obeys, but for the ends of lines. */
// oxlint-disable-next-line no-control-regex
const controls = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "podwall-hostile-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function podwall(args: readonly string[], { stdin = "ignore" }: { stdin?: "ignore" | number } = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, program, ...args], {
      cwd: folder,
      stdio: [stdin, "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** What holds of every answer to hostile input: it ended by itself, with an error, and is safe to show. */
function expectRefused({ code, signal, stdout, stderr }: Run): void {
  expect({ signal, stderr: signal === null ? "" : stderr.slice(0, 500) }).toEqual({ signal: null, stderr: "" });
  expect([1, 2]).toContain(code);
  expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(stderr).not.toContain("node:internal");
  expect(controls.exec(stdout + stderr)?.[0]).toBe(undefined);
}

describe("podwall check of hostile text", () => {
  it.each(hostileInputs)("refuses $name", { timeout: timeoutMs }, async ({ content, says }) => {
    writeFileSync(join(folder, "input.yaml"), content());
    const run = await podwall(["check", "input.yaml"]);
    rmSync(join(folder, "input.yaml"));
    expectRefused(run);
    expect(run.stderr.slice(0, 2_000)).toMatch(says);
    expect(run.stderr.length).toBeLessThan(5_000_000);
  });

  it.each(["explain a/b c/d:80", "map", "check --format json"])("is as safe with %s", async (command) => {
    writeFileSync(join(folder, "input.yaml"), '"\\e[2J": {"\\e]0;x\\a": [\n\x1b[31m');
    expectRefused(await podwall([...command.split(" "), "-f", "input.yaml"]));
  });
});

describe("podwall check of what is no file", { timeout: timeoutMs }, () => {
  it.each<[string, RegExp, () => string]>([
    ["links in a circle", /links that lead in a circle/, () => link("b", "a") && link("a", "b")],
    [
      "a folder of links to itself",
      /no object in the input/,
      () => made("self", (path) => symlinkSync(".", join(path, "again"))),
    ],
    ["a link to nothing", /no such file/, () => link("nothing", "dangling.yaml")],
    [
      "a folder whose only manifest is a pipe",
      /no \.yaml, \.yml or \.json file/,
      () => made("pipes", (path) => pipe(join(path, "a.yaml"))),
    ],
    ["a pipe that nobody writes to", /nobody writes to this pipe/, () => pipe(join(folder, "pipe"))],
    ["a device without end", /larger than 256 MB/, () => "/dev/zero"],
    ["a device without content", /no object in the input/, () => "/dev/null"],
    ["memory", /cannot be read|no such file/, () => "/proc/self/mem"],
    [
      "a name with a line end and escape sequences",
      /no\\u001b\[31m\\u000asuch: no such file/,
      () => "no\x1b[31m\nsuch",
    ],
    ["a name that is too long", /too long/, () => "a".repeat(5_000)],
  ])("refuses %s", async (_, says, make) => {
    const run = await podwall(["check", "-f", make()]);
    expectRefused(run);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(says);
  });

  it("refuses a socket", async () => {
    const server = createServer().listen(join(folder, "socket"));
    const run = await podwall(["check", "-f", "socket"]);
    server.close();
    expectRefused(run);
    expect(run.stderr).toMatch(/a socket, not a file/);
  });

  it("shows the name of a file that it can read without its escape sequences", async () => {
    const name = "bad\x1b[31m\n.yaml";
    writeFileSync(join(folder, name), "kind: [");
    const run = await podwall(["check", "-f", name]);
    expectRefused(run);
    expect(run.stderr).toContain("bad\\u001b[31m\\u000a.yaml:1:8: error PW1003");
  });

  it("refuses standard input without end", async () => {
    const zeros = spawn("cat", ["/dev/zero"], { stdio: ["ignore", "pipe", "ignore"] });
    const child = spawn(process.execPath, [program, "check", "-"], { stdio: ["pipe", "ignore", "pipe"] });
    zeros.stdout.pipe(child.stdin).on("error", () => zeros.kill());
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const code = await new Promise((resolve) => child.on("close", resolve));
    zeros.kill();
    expect(code).toBe(2);
    expect(stderr).toMatch(/<stdin>: larger than 256 MB/);
  });
});

function link(to: string, name: string): string {
  symlinkSync(to, join(folder, name));
  return name;
}

function made(name: string, fill: (path: string) => void): string {
  mkdirSync(join(folder, name));
  fill(join(folder, name));
  return name;
}

function pipe(path: string): string {
  execFileSync("mkfifo", [path]);
  return path;
}
