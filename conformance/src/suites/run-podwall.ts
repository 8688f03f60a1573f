import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Prepared } from "../settings.ts";
import type { SuiteContext } from "./result.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** When to end it: when it says this, by this signal. */
export interface Until {
  readonly says: string;
  readonly signal: "SIGINT" | "SIGKILL";
}

/** Runs podwall of the checkout in the cluster to its end. */
export async function runPodwall(
  { root }: Prepared,
  { kubeconfig, say }: SuiteContext,
  args: readonly string[],
  until?: Until,
): Promise<Ended> {
  const argv = [join(root, "apps/cli/bin/podwall.mjs"), ...args, `--kubeconfig=${kubeconfig}`];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece: Buffer) => void (stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => {
    const text = piece.toString();
    stderr += text;
    say(text.trimEnd());
    if (until !== undefined && text.includes(until.says)) child.kill(until.signal);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
