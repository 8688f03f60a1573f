import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";

/** Where a program runs: a network namespace by its name, or the outside. */
export interface Place {
  readonly netns?: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a server whose output goes to a file of its own. What ends while it should not is told by `ended`. */
export function startServer(name: string, argv: readonly string[], place: Place, logs: string): ChildProcess {
  mkdirSync(logs, { recursive: true });
  const [program = "", ...args] = within(place, argv);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(join(logs, `${name}.log`));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return child;
}

/** Runs a program to its end; never rejects for how it ends. */
export function run(argv: readonly string[], place: Place = {}, options: RunOptions = {}): Promise<Ran> {
  const [program = "", ...args] = within(place, argv);
  const { input, timeoutMs = 120_000, env = {} } = options;
  return new Promise((resolve) => {
    const settings = { maxBuffer: 1 << 28, timeout: timeoutMs, env: { ...process.env, ...env } };
    const child = execFile(program, args, settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? "") });
    });
    child.stdin?.on("error", () => undefined).end(input ?? "");
  });
}

export interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** What it prints. Rejects, with what it says, where it fails. */
export async function outputOf(argv: readonly string[], place: Place = {}, options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, place, options);
  if (code !== 0) throw new Error(`${argv.slice(0, 6).join(" ")} … failed: ${stderr.trim().slice(-4000)}`);
  return stdout;
}

/** By nsenter alone: `ip netns exec` mounts a new /sys, in which the cgroups are not found. */
export function within({ netns }: Place, argv: readonly string[]): readonly string[] {
  return netns === undefined ? argv : ["nsenter", `--net=/run/netns/${netns}`, "--", ...argv];
}
