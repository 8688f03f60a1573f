import { run } from "@stricli/core";
import { app } from "./app.ts";
import { complete } from "./completion/complete.ts";
import { completeWord } from "./completion/shell-scripts.ts";
import type { Context } from "./context.ts";

/**
 * Runs the command line; what the process is to end with. Whatever stricli itself fails on, unknown commands and
 * arguments that cannot be parsed, is bad usage. `podwall help COMMAND` is `podwall COMMAND --help`.
 */
export async function runPodwall(args: readonly string[], context: Context): Promise<number> {
  if (args[0] === completeWord) {
    context.process.stdout.write(await complete(args.slice(1), context));
    return 0;
  }
  await run(app, args[0] === "help" ? [...args.slice(1), "--help"] : args, context);
  if (context.exitCode !== undefined) return context.exitCode;
  return Number(context.process.exitCode ?? 0) === 0 ? 0 : 2;
}
