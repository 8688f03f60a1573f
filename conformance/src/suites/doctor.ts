import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import type { Prepared } from "../settings.ts";
import type { Result, SuiteContext } from "./result.ts";

const suite = "doctor";
const label = "podwall.dev/made-by=doctor";

interface Report {
  readonly rows: readonly {
    readonly title: string;
    readonly verdict: "ok" | "not" | "open" | "unknown";
    readonly seen: string;
  }[];
}

/** `podwall doctor` in this cluster: a test for each of its rows, and that it leaves nothing. */
export async function runDoctorSuite(
  { root }: Prepared,
  cluster: Cluster,
  { kubeconfig, folder, say }: SuiteContext,
): Promise<readonly Result[]> {
  const argv = [join(root, "apps/cli/bin/podwall.mjs"), "doctor", `--kubeconfig=${kubeconfig}`];
  const startedAtMs = Date.now();
  const whole = await ended([...argv, "--format=json"], say);
  writeFileSync(join(folder, "report.json"), whole.stdout);
  const seconds = (Date.now() - startedAtMs) / 1000;
  const results = rowsOf(whole.stdout).map(({ title, verdict, seen }): Result => {
    const name = `${title}: ${verdict}: ${seen}`;
    const common = { suite, name, seconds: 0, startedAtMs };
    if (verdict === "unknown") return { ...common, state: "skipped", reason: seen };
    return verdict === "not" ? { ...common, state: "failed", output: seen } : { ...common, state: "passed" };
  });
  const done = (name: string, isGood: boolean, output: string): Result => {
    const state = isGood ? "passed" : "failed";
    return { suite, name, state, seconds, startedAtMs, ...(isGood ? {} : { output }) };
  };
  const isGood = results.every(({ state }) => state !== "failed");
  const expected = isGood ? 0 : 1;
  results.push(done(`exits with ${expected}`, whole.code === expected, `exit code ${whole.code}\n${whole.stderr}`));
  results.push(done("leaves no namespace", (await namespaces(cluster)) === "", await namespaces(cluster)));

  const stopped = await ended(argv, say, "trying everything without policies");
  const left = await namespaces(cluster);
  const output = `exit code ${stopped.code}; left: ${left}\n${stopped.stderr}`;
  results.push(done("leaves no namespace at Ctrl-C either", stopped.code === 130 && left === "", output));
  return results;
}

function rowsOf(json: string): Report["rows"] {
  if (json === "") return [];
  return (JSON.parse(json) as Report).rows;
}

function namespaces(cluster: Cluster): Promise<string> {
  return cluster.kubectl(["get", "namespaces", `--selector=${label}`, "--output=name"]);
}

/** Runs it to its end, and tells it to end when it says `until`. */
async function ended(
  argv: readonly string[],
  say: (text: string) => void,
  until?: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece: Buffer) => void (stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => {
    const text = piece.toString();
    stderr += text;
    say(text.trimEnd());
    if (until !== undefined && text.includes(until)) child.kill("SIGINT");
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
