// `npm run bench -- NAME …`: each name is a command that measures one thing, or makes what is measured.
import { join } from "node:path";
import { connectCommand } from "./connect/connect-command.ts";
import { type Context, UsageError } from "./context.ts";
import { checkCommand } from "./check/check-command.ts";
import { diffCommand } from "./diff/diff-command.ts";
import { evaluationCommand } from "./evaluation/evaluation-command.ts";
import { generateCommand } from "./generate/generate-command.ts";
import { mapCommand } from "./map/map-command.ts";
import { scaleCommand } from "./scale/scale-command.ts";
import { memoryCommand } from "./memory/memory-command.ts";
import { startupCommand } from "./startup/startup-command.ts";
import { updateCommand } from "./update/update-command.ts";

type Command = (args: readonly string[], context: Context) => number | Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  check: checkCommand,
  connect: connectCommand,
  diff: diffCommand,
  evaluation: evaluationCommand,
  generate: generateCommand,
  map: mapCommand,
  memory: memoryCommand,
  scale: scaleCommand,
  startup: startupCommand,
  update: updateCommand,
};

const usage = `npm run bench -- map [--profile 100/50|1k/500|10k/2k|100k/10k]… [--mix NAME]… [--form pods|deployments]…
    [--dual-stack] [--seed TEXT] [--rounds N] [--peers|--no-peers] [--time-limit S] [--memory-limit GIB]
    [--format table|json] [--record]
npm run bench -- evaluation [--profile NAME]… [--mix NAME]… [--form NAME]… [--dual-stack] [--seed TEXT] [--rounds N]
    [--format table|json] [--record]
npm run bench -- scale [--profile 10k/2k|100k/10k]… [--mix NAME]… [--dual-stack] [--seed TEXT] [--changes N] [--seconds N]
    [--watchers N] [--turns N] [--turn-seconds N] [--format table|json] [--record]
npm run bench -- check [--rounds N] [--record]
npm run bench -- diff [--profile NAME]… [--mix NAME]… [--form NAME]… [--dual-stack] [--seed TEXT] [--rounds N]
    [--format table|json] [--record]
npm run bench -- update [--profile NAME]… [--mix NAME]… [--events N] [--per-second N] [--format table|json] [--record]
npm run bench -- connect [--rounds N] [--connections N] [--format table|json] [--record]
npm run bench -- startup [--rounds N] [--format table|json] [--record]
npm run bench -- memory [--profile NAME]… [--mix NAME]… [--events N] [--idle-seconds N] [--format table|json] [--record]
npm run bench -- generate PROFILE --out DIR [--mix NAME] [--form NAME] [--dual-stack] [--seed TEXT]
`;

async function main([name = "", ...args]: readonly string[], context: Context): Promise<number> {
  const command = commands[name];
  if (command === undefined) throw new UsageError(name === "" ? "name a bench" : `there is no bench "${name}"`);
  return await command(args, context);
}

// A signal ends it as its end does, with what it started and wrote gone.
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(code));

const context: Context = {
  // This is bundled into node_modules/.cache/bench.
  root: join(import.meta.dirname, "../../.."),
  cwd: process.env["INIT_CWD"] ?? process.cwd(),
  node: process.execPath,
  programs: import.meta.dirname,
  today: () => new Date().toISOString().slice(0, 10),
  say: (line) => void process.stderr.write(`${line}\n`),
  print: (text) => void process.stdout.write(text),
};

try {
  process.exitCode = await main(process.argv.slice(2), context);
} catch (error) {
  if (!(error instanceof UsageError) && !isUnknownOption(error)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}

/** Whether `parseArgs` refused the command line. */
function isUnknownOption(error: unknown): error is TypeError {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
