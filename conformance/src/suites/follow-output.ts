import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

/** Runs a program to its end, keeps all that it says in a file, and hands on each line. Gives its exit code. */
export async function followOutput(
  argv: readonly string[],
  file: string,
  onLine: (line: string) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const log = createWriteStream(file);
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false });
    createInterface({ input: stream }).on("line", onLine);
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => log.end(() => resolve(code ?? 1)));
  });
}
