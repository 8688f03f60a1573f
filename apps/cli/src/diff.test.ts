import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPodwall } from "./run-podwall.ts";

const pods = `{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web, labels: {app: web}}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: db, labels: {app: db}}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: dev, name: tool, labels: {app: tool}}}
`;
const closed = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: closed}, spec: {policyTypes: [Ingress]}}\n`;
const web = (port: number): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: shop, name: web}\nspec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {}}], ports: [{port: ${port}}]}]}\n`;

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "podwall-diff-"));
  for (const name of ["before", "after", "same"]) mkdirSync(join(folder, name));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("before/all.yaml", `${pods}---\n${closed}---\n${web(80)}`);
  write("same/pods.yaml", pods);
  write("same/policies.yaml", `${web(80)}---\n${closed}`);
  write("after/all.yaml", `${pods}---\n${closed}---\n${web(443)}`);
  write("open.yaml", pods);
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function podwall(line: string, stdin = ""): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) => ({ write: (text: string): void => void (written[name] += text) });
  const code = await runPodwall(line.split(" "), {
    process: { stdout: to("stdout"), stderr: to("stderr"), env: {} },
    cwd: folder,
    readStdin: () => Promise.resolve(stdin),
  });
  return { code, ...written };
}

describe("podwall diff", () => {
  it("says what opens and closes, and ends with 1", async () => {
    const { code, stdout, stderr } = await podwall("diff before after");
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toBe(
      [
        "opened across namespaces",
        "  + dev/tool -> shop/web  TCP 443",
        "  - dev/tool -> shop/web  TCP 80",
        "",
        "opened within a namespace",
        "  + shop/db -> shop/web  TCP 443",
        "  - shop/db -> shop/web  TCP 80",
        "",
        "connections open between 2 pairs of ends and close between 2 pairs of ends",
        "read 1 file, 5 objects (2 NetworkPolicy, 3 Pod)\n",
      ].join("\n"),
    );
  });

  it("ends with 0 when the text is another and the meaning is not", async () => {
    expect(await podwall("diff before same")).toEqual({
      code: 0,
      stdout: "no connection opens or closes\nread 2 files, 5 objects (2 NetworkPolicy, 3 Pod)\n",
      stderr: "",
    });
  });

  it("puts what opens from outside first", async () => {
    const { stdout } = await podwall("diff before open.yaml");
    expect(stdout.split("\n").slice(0, 2)).toEqual(["opened from outside", "  + every address -> all of shop  all"]);
  });

  it("takes one state from standard input, and says which pods are new or gone", async () => {
    const more = `${pods}---\n{apiVersion: v1, kind: Pod, metadata: {namespace: dev, name: spy}}\n`;
    const { stdout } = await podwall("diff open.yaml -", more);
    expect(stdout).toMatch(/^new: dev\/spy$/m);
    expect(stdout).toContain("every address -> dev/spy (new)  all");
    expect((await podwall("diff - open.yaml", more)).stdout).toMatch(/^gone: dev\/spy$/m);
  });

  it("looks at one way only when told to", async () => {
    const opened = await podwall("diff open.yaml before --opened-only");
    expect([opened.code, opened.stdout]).toEqual([0, expect.stringMatching(/^no connection opens$/m)]);
    expect((await podwall("diff open.yaml before --closed-only")).code).toBe(1);
    expect((await podwall("diff before open.yaml --opened-only")).code).toBe(1);
  });

  it("is one document in JSON, and tables in Markdown", async () => {
    const { stdout } = await podwall("diff before open.yaml --format json");
    const document = JSON.parse(stdout) as { readonly blocks: readonly unknown[] };
    expect({ ...document, blocks: document.blocks.slice(0, 1) }).toMatchObject({
      apiVersion: "podwall.dev/v1",
      kind: "ClusterDiff",
      closedPairs: 0,
      blocks: [{ scope: "from-outside", sources: [{ addresses: "every address" }], pairs: 2 }],
    });
    const markdown = (await podwall("diff before after --format markdown")).stdout;
    expect(markdown).toContain("| dev/tool | shop/web | + TCP 443<br>- TCP 80 | TCP 80 | TCP 443 |");
  });

  it.each([
    ["diff before", "name two files or folders"],
    ["diff before after same", "name two files or folders"],
    ["diff before after -f same", "-f is for --git"],
    ["diff before nowhere", "no such file or folder"],
    ["diff - -", "only one of the two"],
    ["diff --git main", "-f PATH"],
  ])("%s ends with 2 and says why", async (line, why) => {
    const { code, stdout, stderr } = await podwall(line);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(why);
  });
});

describe("podwall diff --git", () => {
  const git = (...args: string[]): void => {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "ignore" });
  };

  beforeAll(() => {
    git("init", "-b", "main");
    mkdirSync(join(folder, "live", ".hidden"), { recursive: true });
    writeFileSync(join(folder, "live", "pods.yaml"), pods);
    writeFileSync(join(folder, "live", ".hidden", "bad.yaml"), "kind: [");
    writeFileSync(join(folder, "live", "policies.yaml"), `${closed}---\n${web(80)}`);
    git("add", "live");
    git("commit", "-m", "one");
    git("tag", "v1");
    writeFileSync(join(folder, "live", "policies.yaml"), `${closed}---\n${web(443)}`);
    git("commit", "-am", "two");
    writeFileSync(join(folder, "live", "policies.yaml"), closed);
  });

  it("compares a revision with the files as they are", async () => {
    const { code, stdout, stderr } = await podwall("diff --git HEAD -f live");
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("closed across namespaces\n  - dev/tool -> shop/web  TCP 443");
  });

  it("compares two revisions", async () => {
    const { code, stdout } = await podwall("diff --git v1..main -f live");
    expect(code).toBe(1);
    expect(stdout).toContain("  + dev/tool -> shop/web  TCP 443");
    expect((await podwall("diff --git v1..v1 -f live/pods.yaml")).code).toBe(0);
  });

  it.each([
    ["diff --git nothing -f live", 'git knows no revision "nothing" here'],
    ["diff --git=--all -f live", "git knows no revision"],
    ["diff --git v1...main -f live", "REV..REV"],
    ["diff --git v1.. -f live", "REV..REV"],
    ["diff --git v1 -f same", "same has no manifest in revision v1"],
    ["diff --git v1 -f ../x", "../x"],
  ])("%s ends with 2 and says why", async (line, why) => {
    const { code, stdout, stderr } = await podwall(line);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(why);
  });
});
