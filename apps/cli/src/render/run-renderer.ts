import { spawn } from "node:child_process";

export interface RendererOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Of what it writes to standard output. */
  readonly mostBytes: number;
}

/** What a program wrote, or why it did not: `missing` where there is no such program. */
export type Rendered = { readonly text: string } | { readonly problem: string } | { readonly missing: true };

/** Runs a program without a shell, within bounds of time and output. */
export function runRenderer(command: string, args: readonly string[], options: RendererOptions): Promise<Rendered> {
  const { cwd, env, timeoutMs, mostBytes } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    // Node's own bound would hold this process where there is no such program.
    const bound = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const settle = (rendered: Rendered): void => {
      clearTimeout(bound);
      resolve(rendered);
    };
    const output: Buffer[] = [];
    let bytes = 0;
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostBytes) child.kill("SIGKILL");
      else output.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString("utf8")).slice(-mostSaid);
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      settle(error.code === "ENOENT" ? { missing: true } : { problem: error.message }),
    );
    child.on("close", (code, signal) => {
      if (bytes > mostBytes) return settle({ problem: `it wrote more than ${mostBytes / 1024 / 1024} MiB` });
      if (signal === "SIGKILL") return settle({ problem: `it was not done after ${timeoutMs / 1000} s` });
      if (code === 0) return settle({ text: Buffer.concat(output).toString("utf8") });
      settle({ problem: said.trim() === "" ? `it ended with ${code ?? signal}` : said.trim() });
    });
  });
}

const mostSaid = 4_000;
