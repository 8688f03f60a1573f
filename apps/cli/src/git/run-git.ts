import { spawn } from "node:child_process";

/** What `git` answered, or in its own words why it did not. */
export type GitAnswer = { readonly output: Buffer } | { readonly problem: string };

/** Runs `git` and gives what it writes. Nothing in an argument is taken for an option that is not meant as one. */
export function runGit(cwd: string, args: readonly string[], input = ""): Promise<GitAnswer> {
  return new Promise((resolve) => {
    const child = spawn("git", args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
    const output: Buffer[] = [];
    const said: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) =>
      resolve({
        problem: error.code === "ENOENT" ? "`git` is not installed, or the folder is not there" : error.message,
      }),
    );
    child.on("close", (code) => {
      if (code === 0) return resolve({ output: Buffer.concat(output) });
      const words = Buffer.concat(said).toString("utf8").trim();
      resolve({ problem: words === "" ? `git ended with ${code}` : words.replace(/^fatal: /, "") });
    });
    // Git may end before it has read everything; `close` says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
