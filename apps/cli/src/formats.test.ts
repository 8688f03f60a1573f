import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runPodwall } from "./run-podwall.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

async function podwall(line: string, stdin = "") {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) => ({ write: (text: string): void => void (written[name] += text) });
  const code = await runPodwall(line.split(" "), {
    process: { stdout: to("stdout"), stderr: to("stderr"), env: {} },
    cwd: root,
    readStdin: () => Promise.resolve(stdin),
  });
  return { code, ...written };
}

const bad =
  "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {ingress: [{ports: [{protocol: tcp}]}]}\n";

describe("each format of check", () => {
  it.each([
    ["sarif", '"ruleId": "PW2004"'],
    ["junit", '<testcase name="PW2004 '],
    ["github", "::error file=<stdin>,line=4,endLine=4,col=38,endColumn=40,title=PW2004::"],
    ["markdown", "| **error** | PW2004 | \\<stdin\\>:4:38 |"],
  ])("%s is on stdout, and the exit code is the same", async (format, part) => {
    const { code, stdout, stderr } = await podwall(`check - --format ${format}`, bad);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain(part);
  });
});

describe("each format of map", () => {
  it.each([
    ["csv", "jobs/worker,jobs/redis,TCP,6379,no,allowed,\r\n"],
    ["dot", "digraph podwall {"],
    ["svg", '<svg xmlns="http://www.w3.org/2000/svg"'],
    ["html", "<!doctype html>"],
  ])("%s is on stdout", async (format, part) => {
    const { code, stdout, stderr } = await podwall(`map -f examples/redis-only --format ${format}`);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^read 2 files, .*\n$/)]);
    expect(stdout).toContain(part);
  });

  it("for totals is text or json", async () => {
    const { code, stderr } = await podwall("map -f examples/redis-only --totals --format svg");
    expect([code, stderr]).toEqual([2, "podwall map: --totals are text or json, not svg\n"]);
  });

  it("says when a picture would show nothing", async () => {
    const pods = Array.from(
      { length: 130 },
      (_, index) => `{apiVersion: v1, kind: Pod, metadata: {namespace: n${index}, name: a}}`,
    );
    const { code, stdout, stderr } = await podwall("map -f - --format svg", pods.join("\n---\n"));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("take --format csv or json");
  });
});

describe("each format of diff", () => {
  it.each([
    ["github", "::notice title=closed"],
    ["markdown", "### podwall diff"],
  ])("%s is on stdout", async (format, part) => {
    const { code, stdout } = await podwall(`diff examples/redis-only/pods.yaml examples/redis-only --format ${format}`);
    expect(code).toBe(1);
    expect(stdout).toContain(part);
  });
});
