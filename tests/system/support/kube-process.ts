import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpuSecondsOf } from "./cpu-seconds.ts";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A program of a test cluster: can be killed, paused and started again with the same arguments. */
export class KubeProcess {
  readonly #name: string;
  readonly #command: readonly string[];
  readonly #log: string;
  #child: ChildProcess | undefined;

  constructor({ name, command, log }: { name: string; command: readonly string[]; log: string }) {
    this.#name = name;
    this.#command = command;
    this.#log = log;
  }

  start(): void {
    const log = openSync(this.#log, "a");
    // The kernel ends it when this process ends, however that comes about.
    const args = ["--pdeathsig", "KILL", "--", ...this.#command];
    this.#child = spawn("setpriv", args, { stdio: ["ignore", log, log] });
    closeSync(log);
  }

  /** At once, as when a machine loses its power. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || hasEnded(child)) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** Processor time that it has used so far, in seconds. */
  cpuSeconds(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.#name} does not run`);
    return cpuSecondsOf(this.#child.pid);
  }

  /** It keeps its connections and answers nothing. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Throws where it has ended by itself. */
  check(): void {
    if (this.#child === undefined || !hasEnded(this.#child)) return;
    throw new Error(`${this.#name} ended by itself:\n${readFileSync(this.#log, "utf8").slice(-3_000)}`);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
