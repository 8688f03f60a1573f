import { parseArgs } from "node:util";
import { inNamespace } from "../agent/in-namespace.ts";
import { beginReport, count, reportOptions } from "../output/report.ts";
import type { Context } from "../context.ts";
import { inputOptions, inputText, inputsOf } from "../input-options.ts";
import type { MeasuredUpdate } from "./update-results.ts";
import { type UpdateRow, updateTables } from "./update-tables.ts";

const options = {
  mix: inputOptions.mix,
  profile: { type: "string", multiple: true },
  events: { type: "string" },
  "per-second": { type: "string" },
  ...reportOptions,
} as const;

/** `update`: measures how long it takes from what happens in a cluster to the kernel of one node. */
export async function updateCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const report = beginReport("update", args, values, context);
  const events = count("--events", values.events ?? "400");
  const perSecond = count("--per-second", values["per-second"] ?? "10");
  const rows: UpdateRow[] = [];
  for (const input of inputsOf(values.profile ?? ["10k/2k"], values, ["pods"])) {
    const given = [input.profile.name, input.mix.name, `${events}`, `${perSecond}`];
    const measured = await inNamespace<MeasuredUpdate>("measured-update", given, context);
    rows.push({ input: inputText(input), measured });
  }
  report({ results: { results: rows }, tables: updateTables(rows) });
  return 0;
}
