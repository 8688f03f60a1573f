import { type ChildProcess, spawn } from "node:child_process";

/** Where the programs that the lab runs are; an ordinary user's PATH may lack the sbin folders. */
export function toolEnv(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env["PATH"] ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`, LC_ALL: "C" };
}

/** Runs a program to its end and gives what it printed. Rejects with what it complained about. */
export function run(command: readonly string[], input = ""): Promise<string> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: toolEnv(), detached: true });
    const output = collect(child.stdout);
    const complaints = collect(child.stderr);
    const fail = (reason: string, cause?: Error): void =>
      reject(new Error(`${nameOf(command)}: ${reason}`, cause === undefined ? {} : { cause }));
    child.on("error", (error) => fail(error.message, error));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output());
      else fail(complaints().trim() || `ended with ${signal ?? `exit code ${code}`}`);
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Resolves when a child process has ended. */
export function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

/** The program a person thinks of: what comes after the last `--`. */
function nameOf(command: readonly string[]): string {
  return command
    .slice(command.lastIndexOf("--") + 1)
    .join(" ")
    .slice(0, 200);
}
