import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Limits {
  readonly timeMs: number;
  readonly memoryBytes: number;
}

/** One run of a program, measured from outside. */
export interface MeasuredRun {
  readonly wallMs: number;
  /** User and system time, as the system counts it for ended children, in steps of 10 ms. */
  readonly cpuMs: number;
  /** The most memory seen, looked at every few milliseconds. */
  readonly peakBytes: number;
  readonly ended: Ended;
}

export type Ended =
  | { readonly kind: "exited"; readonly code: number }
  /** It was stopped because it reached a limit, or ended by a signal. */
  | { readonly kind: "stopped"; readonly reason: string };

/** What a run wrote; the files are gone when `read` returns. */
export interface RunOutput {
  readonly stdout: string;
  readonly stderr: string;
}

const pollMs = 5;

/**
 * Runs a program to its end or to a limit and gives `read` the paths of what it wrote. Output goes to files, so that
 * reading it costs the program nothing. One run at a time: the system adds up the time of all ended children.
 */
export async function measuredRun<Result>(
  command: readonly [string, ...string[]],
  limits: Limits,
  read: (run: MeasuredRun, output: RunOutput) => Result,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "podwall-bench-run-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const output = { stdout: join(folder, "stdout"), stderr: join(folder, "stderr") };
    return read(await runInto(command, limits, output), output);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function runInto([command, ...args]: readonly [string, ...string[]], limits: Limits, output: RunOutput) {
  return new Promise<MeasuredRun>((resolve, reject) => {
    const [stdout, stderr] = [openSync(output.stdout, "w"), openSync(output.stderr, "w")];
    const cpuBefore = endedChildrenCpuMs();
    const startedAt = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", stdout, stderr] });
    let peakBytes = 0;
    let stopped: string | undefined;
    const stop = (reason: string): void => {
      stopped ??= reason;
      child.kill("SIGKILL");
    };
    const poll = setInterval(() => {
      peakBytes = Math.max(peakBytes, peakBytesOf(child.pid));
      if (peakBytes > limits.memoryBytes) stop(`stopped at ${gibibytes(limits.memoryBytes)} GiB`);
      else if (performance.now() - startedAt > limits.timeMs) stop(`stopped at ${limits.timeMs / 1000} s`);
    }, pollMs);
    const leave = (): void => stop("the bench ended");
    process.once("exit", leave);
    const close = (): void => {
      clearInterval(poll);
      process.off("exit", leave);
      closeSync(stdout);
      closeSync(stderr);
    };
    child.once("error", (error) => {
      close();
      reject(new Error(`${command} could not be started`, { cause: error }));
    });
    child.once("exit", (code, signal) => {
      const wallMs = performance.now() - startedAt;
      close();
      const reason = stopped ?? (signal === null ? undefined : `ended by ${signal}`);
      const ended: Ended = reason === undefined ? { kind: "exited", code: code ?? 1 } : { kind: "stopped", reason };
      resolve({ wallMs, cpuMs: endedChildrenCpuMs() - cpuBefore, peakBytes, ended });
    });
  });
}

function gibibytes(bytes: number): number {
  return Math.round((bytes / 2 ** 30) * 10) / 10;
}

/** The most memory a process has had (proc(5), VmHWM); 0 when it is gone. */
function peakBytesOf(pid: number | undefined): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** User and system time of this process's ended children (proc(5), cutime and cstime, in ticks of 10 ms). */
function endedChildrenCpuMs(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The second field, the command's name, is in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
