import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Context } from "../context.ts";

/**
 * Runs a bundled program in network and mount namespaces of its own, and gives what it prints as JSON. Without root it has a
 * user namespace as well. What it does to the network ends with it.
 */
export async function inNamespace<Result>(
  program: string,
  args: readonly string[],
  { node, programs }: Pick<Context, "node" | "programs">,
): Promise<Result> {
  const users = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const command = [...users, "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", node];
  const child = spawn("unshare", [...command, join(programs, `${program}.mjs`), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const [output, code] = await Promise.all([text(child.stdout), ended]);
  if (code !== 0) throw new Error(`${program} ended with ${code ?? "a signal"}`);
  return JSON.parse(output) as Result;
}
