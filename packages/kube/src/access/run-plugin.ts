import { spawn } from "node:child_process";
import { AccessError } from "./access-error.ts";
import type { ExecSettings } from "./exec-settings.ts";

export interface RunPluginOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program may use the terminal. */
  readonly interactive: boolean;
}

/** A person may have to find a phone. */
const timeoutMs = { interactive: 300_000, alone: 60_000 };
const outputLimit = 1024 * 1024;

/** What an exec plugin prints. Rejects with an `AccessError` that has its last words. */
export function runPlugin(exec: ExecSettings, { env, interactive }: RunPluginOptions): Promise<string> {
  const fail = (why: string, options?: ErrorOptions) =>
    new AccessError(`${exec.file}: ${exec.command} ${why}`, options);
  return new Promise((resolve, reject) => {
    const child = spawn(exec.command, exec.args, {
      env: { ...env },
      stdio: [interactive ? "inherit" : "ignore", "pipe", interactive ? "inherit" : "pipe"],
      timeout: interactive ? timeoutMs.interactive : timeoutMs.alone,
      killSignal: "SIGKILL",
    });
    const output: Buffer[] = [];
    let size = 0;
    let complaint = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > outputLimit) child.kill("SIGKILL");
      else output.push(chunk);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint = (complaint + chunk.toString("utf8")).slice(-500);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      const hint = error.code === "ENOENT" ? (exec.installHint ?? "is it installed, and in PATH?") : "";
      reject(fail(`cannot be run: ${error.message}${hint === "" ? "" : `. ${hint}`}`, { cause: error }));
    });
    child.on("close", (code, signal) => {
      if (size > outputLimit) reject(fail("printed more than 1 MiB, and was ended"));
      else if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else reject(fail(`failed (${signal ?? `exit code ${code}`})${complaint === "" ? "" : `: ${complaint.trim()}`}`));
    });
  });
}
