import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** Starts a program of its own process group, so that Ctrl-C in a terminal does not end it amid a transaction. */
export function startChild(argv: readonly string[], stdio: NonNullable<SpawnOptions["stdio"]>): ChildProcess {
  const [program = "", ...args] = argv;
  return spawn(program, args, { stdio, detached: true, env: childEnvironment() });
}

/** Kills a child and what it started; nothing if it has ended. */
export function killChild(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

/** Messages in English; no history file and no editor settings, which `nft -i` looks for in the home folder. */
function childEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], LC_ALL: "C", HOME: "/nonexistent", TERM: "dumb" };
}
