import { run } from "@stricli/core";
import { app } from "./app.ts";
import type { Context } from "./context.ts";

/**
 * Runs the command line; what the process is to end with. Whatever stricli itself fails on, unknown commands and
 * arguments that cannot be parsed, is bad usage.
 */
export async function runPodwall(args: readonly string[], context: Context): Promise<number> {
  await run(app, args, context);
  if (context.exitCode !== undefined) return context.exitCode;
  return Number(context.process.exitCode ?? 0) === 0 ? 0 : 2;
}
