import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { readGithubCommand } from "../../packages/report/src/testing.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "podwall-integrations-"));
const pods = ["web", "db"].map((name) => `{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: ${name}}}`);
const policy = (protocol: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: p}, spec: {podSelector: {}, ingress: [{ports: [{port: 80, protocol: ${protocol}}]}]}}`;

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "manifests"), { recursive: true });
  writeFileSync(join(folder, "manifests/pods.yaml"), pods.join("\n---\n"));
  writeFileSync(join(folder, "manifests/policy.yaml"), policy("TCP"));
  writeFileSync(
    join(folder, "podwall-test.yaml"),
    "assertions: [{allow: {from: shop/web, to: shop/db, ports: TCP 80}}]",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { cwd: folder, env: { ...process.env, CI: "", ...env }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { code: status, stdout, stderr };
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly { readonly env: Readonly<Record<string, string>>; readonly run: string }[];
  };
}

describe("the GitHub Action", () => {
  const action = load(readFileSync(join(root, "action.yml"), "utf8")) as Action;

  /** Runs the action's step as a runner does: the script in a file, `bash --noprofile --norc -eo pipefail`. */
  function act(inputs: Readonly<Record<string, string>>) {
    const [step] = action.runs.steps;
    const given = (name: string): string => inputs[name] ?? action.inputs[name]?.default ?? `no input ${name}`;
    const env = Object.entries(step?.env ?? {}).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => given(input)),
    ]);
    const script = join(folder, "step.sh");
    const files = { GITHUB_STEP_SUMMARY: join(folder, "summary"), GITHUB_OUTPUT: join(folder, "output") };
    for (const file of Object.values(files)) writeFileSync(file, "");
    writeFileSync(script, step?.run ?? "");
    const outcome = run("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
      ...(Object.fromEntries(env) as Record<string, string>),
      ...files,
      GITHUB_ACTION_PATH: root,
    });
    const [summary, output] = Object.values(files).map((file) => readFileSync(file, "utf8"));
    return { ...outcome, summary, output };
  }

  it("is a composite one, whose script holds no input", () => {
    expect(action.runs.using).toBe("composite");
    expect(action.runs.steps.map((step) => step.run).join("")).not.toContain("${{");
    expect(Object.values(action.inputs).every(({ description }) => description !== "")).toBe(true);
  });

  it("checks, and says so in the summary", () => {
    const { code, stdout, summary, output } = act({ paths: "manifests" });
    expect([code, output]).toEqual([0, "exit-code=0\n"]);
    expect(stdout).toMatch(/^no errors: 2 files/);
    expect(summary).toContain("### podwall check");
  });

  it("annotates what is wrong, writes SARIF, and fails unless told otherwise", () => {
    writeFileSync(join(folder, "manifests/policy.yaml"), policy("tcp"));
    const { code, stdout, summary, output } = act({ paths: "manifests\n", "sarif-file": "found.sarif" });
    expect([code, output]).toEqual([1, "exit-code=1\n"]);
    expect(readGithubCommand(stdout.split("\n")[0] ?? "")).toMatchObject({
      level: "error",
      properties: { file: "manifests/policy.yaml", title: "PW2004" },
    });
    expect(summary).toContain("| **error** | PW2004 |");
    expect(JSON.parse(readFileSync(join(folder, "found.sarif"), "utf8"))).toMatchObject({ version: "2.1.0" });
    expect(act({ paths: "manifests", fail: "false" }).code).toBe(0);
    expect(act({ paths: "nowhere", fail: "false" })).toMatchObject({ code: 2, output: "exit-code=2\n" });
  });

  it("tests, and compares", () => {
    expect(act({ command: "test", paths: "manifests" })).toMatchObject({ code: 0, output: "exit-code=0\n" });
    const diff = act({ command: "diff", paths: "manifests/pods.yaml\nmanifests", fail: "false" });
    expect([diff.code, diff.output]).toEqual([0, "exit-code=1\n"]);
    expect(diff.summary).toContain("### podwall diff");
    const git = act({ command: "diff", paths: "manifests", arguments: "--git\nHEAD" });
    expect([git.code, git.stderr]).toEqual([2, expect.stringContaining("git")]);
  });

  it("takes no part of an input for code", () => {
    const { code } = act({ paths: 'manifests"; touch pwned; "$(touch pwned)`touch pwned`' });
    expect(code).toBe(2);
    expect(() => statSync(join(folder, "pwned"))).toThrow("ENOENT");
  });
});

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly pass_filenames: boolean;
}

describe("the pre-commit hooks", () => {
  const hooks = load(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as readonly Hook[];

  it("are scripts of this repository, for files of manifests", () => {
    expect(hooks.map(({ id, language, pass_filenames: named }) => [id, language, named])).toEqual([
      ["podwall-check", "script", false],
      ["podwall-test", "script", false],
    ]);
    for (const { entry, files } of hooks) {
      expect(statSync(join(root, entry.split(" ")[0] ?? "")).mode & 0o111).not.toBe(0);
      expect(["a.yaml", "b/c.yml", "d.json", "e.ts"].map((name) => new RegExp(files).test(name))).toEqual([
        true,
        true,
        true,
        false,
      ]);
    }
  });

  it.each(hooks)("$id is good where manifests are, and fails where they are not", ({ entry }) => {
    const [script = "", ...words] = entry.split(" ");
    const hook = () => run(join(root, script), [...words, "-f", "manifests"]);
    expect(hook().code).toBe(0);
    writeFileSync(join(folder, "manifests/policy.yaml"), policy("tcp"));
    expect(hook().code).not.toBe(0);
  });
});
