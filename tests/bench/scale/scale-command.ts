import { parseArgs } from "node:util";
import { lacking as packetsLacking } from "../../system/support/lacking.ts";
import { kubeLacking } from "../../system/support/kube-binaries.ts";
import type { Context } from "../context.ts";
import { inputOptions, inputsOf } from "../input-options.ts";
import { beginReport, count, reportOptions } from "../output/report.ts";
import { measureScale } from "./measure-scale.ts";
import type { ScaleRow } from "./scale-row.ts";
import { scaleTables } from "./scale-tables.ts";

const options = {
  ...inputOptions,
  profile: { type: "string", multiple: true },
  changes: { type: "string" },
  seconds: { type: "string" },
  watchers: { type: "string" },
  turns: { type: "string" },
  "turn-seconds": { type: "string" },
  ...reportOptions,
} as const;

/** `scale`: one node's agent beside a real API server that holds a whole cluster, quiet and changing. */
export async function scaleCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const report = beginReport("scale", args, values, context);
  const lacking = kubeLacking ?? packetsLacking;
  if (lacking !== undefined) {
    context.say(`this machine cannot do it: ${lacking}`);
    return 3;
  }
  const inputs = inputsOf(values.profile ?? ["10k/2k"], values, ["pods"]);
  const scaleOptions = {
    changesPerSecond: count("--changes", values.changes ?? "20"),
    seconds: count("--seconds", values.seconds ?? "30"),
    watchers: count("--watchers", values.watchers ?? "100"),
    turns: count("--turns", values.turns ?? "5"),
    turnSeconds: count("--turn-seconds", values["turn-seconds"] ?? "10"),
  };
  const rows: ScaleRow[] = [];
  for (const input of inputs) rows.push(await measureScale(input, scaleOptions, context));
  report({ results: { rows }, tables: scaleTables(rows) });
  return 0;
}
