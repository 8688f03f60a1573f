import { type StdioOptions, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = join(import.meta.dirname, "../../apps/cli/bin");

describe("completion in a shell", () => {
  let folder: string;
  let env: Readonly<Record<string, string>>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "podwall-completion-"));
    for (const name of ["podwall", "kubectl-podwall", "kubectl_complete-podwall"]) {
      symlinkSync(join(bin, `${name}.mjs`), join(folder, name));
    }
    writeFileSync(join(folder, "manifest.yaml"), "");
    env = { PATH: `${folder}:${process.env["PATH"]}`, HOME: folder, XDG_CONFIG_HOME: folder };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(command: string, args: readonly string[]): string[] {
    // kubectl writes what it does about completion to stderr.
    const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
    return execFileSync(command, args, { cwd: folder, env, encoding: "utf8", stdio }).trim().split("\n");
  }

  /** What bash's own machinery ends up with for a line, as at a press of the tab key. */
  function bash(line: string): string[] {
    const words = line.split(" ");
    const script = [
      "source <(podwall completion bash)",
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})`,
      `COMP_CWORD=${words.length - 1}`,
      "_podwall",
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ];
    return run("bash", ["--norc", "-c", script.join("\n")]);
  }

  it("of bash knows commands, options and what an option takes", () => {
    expect(bash("podwall ")).toEqual(expect.arrayContaining(["check", "explain", "map", "diff", "test", "completion"]));
    expect(bash("podwall ch")).toEqual(["check"]);
    expect(bash("podwall map --format s")).toEqual(["svg"]);
    expect(bash("podwall check --format ")).toEqual(["text", "json", "sarif", "junit", "github", "markdown"]);
    expect(bash("podwall diff --what")).toEqual(["--what-if"]);
    expect(bash("podwall completion z")).toEqual(["zsh"]);
  });

  it("of bash leaves files to the shell", () => {
    expect(bash("podwall check ")).toEqual([""]);
    const script = "source <(podwall completion bash); complete -p podwall; compgen -f -- mani";
    expect(run("bash", ["--norc", "-c", script])).toEqual([
      "complete -o bashdefault -o default -F _podwall podwall",
      "manifest.yaml",
    ]);
  });

  it("of fish is as it is of bash", (context) => {
    if (spawnSync("fish", ["--version"]).status !== 0) context.skip("allowed: there is no fish here");
    const lines = run("fish", [
      "--no-config",
      "-c",
      "podwall completion fish | source; complete -C 'podwall map --format s'",
    ]);
    expect(lines).toEqual(["svg\tHow to print the answer"]);
  });

  it("of zsh is good zsh, and is as it is of bash", (context) => {
    if (spawnSync("zsh", ["--version"]).status !== 0) context.skip("allowed: there is no zsh here");
    const script = [
      "compdef() { :; }",
      "_describe() { print -rl -- ${(P)4} }",
      "source <(podwall completion zsh)",
      "words=(podwall map --format s) CURRENT=4",
      "_podwall",
    ];
    expect(run("zsh", ["-f", "-c", script.join("\n")])).toEqual(["svg:How to print the answer"]);
  });

  it("of kubectl is what its own completion asks for", (context) => {
    expect(run("kubectl_complete-podwall", ["map", "--format", "s"])).toEqual(["svg\tHow to print the answer", ":0"]);
    if (spawnSync("kubectl", ["version", "--client"]).status !== 0) context.skip("allowed: there is no kubectl here");
    expect(run("kubectl", ["__complete", "podwall", "map", "--format", "s"])[0]).toBe("svg\tHow to print the answer");
  });
});
