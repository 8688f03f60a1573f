import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Context, UsageError } from "../context.ts";
import { inputOptions, inputText, inputsOf } from "../input-options.ts";
import { beginReport, reportOptions } from "../output/report.ts";
import { choosePeers } from "../peers/choose-peers.ts";
import type { MapRow } from "./map-row.ts";
import { mapTables } from "./map-tables.ts";
import { measureInput } from "./measure-input.ts";

const options = {
  ...inputOptions,
  profile: { type: "string", multiple: true },
  rounds: { type: "string" },
  peers: { type: "boolean" },
  "no-peers": { type: "boolean" },
  "time-limit": { type: "string" },
  "memory-limit": { type: "string" },
  ...reportOptions,
} as const;

/** `map`: measures and checks the whole map. Gives the exit code: 1 where anything differs from the reference. */
export async function mapCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const report = beginReport("map", args, values, context);
  const peersFolder = join(context.root, "tests/bench/peers");
  const peers = choosePeers(values, peersFolder, context);
  const formsMeasured = peers.length > 0 ? ["pods", "deployments"] : ["pods"];
  const inputs = inputsOf(values.profile ?? ["100/50", "1k/500", "10k/2k"], values, formsMeasured);
  const limits = {
    timeMs: positive("--time-limit", values["time-limit"] ?? "300") * 1000,
    memoryBytes: positive("--memory-limit", values["memory-limit"] ?? "12") * 2 ** 30,
  };
  const rounds = Math.ceil(positive("--rounds", values.rounds ?? "5"));
  const rows: MapRow[] = [];
  for (const input of inputs) rows.push(await measureInput(input, context, { rounds, limits, peers, peersFolder }));
  // Runs with and without other tools have a section each: the former take too long for large inputs.
  const section = `map, ${peers.length > 0 ? "with peers" : "alone"}`;
  report({ results: { rows }, tables: mapTables(rows), section });
  return complain(rows, context);
}

/** Says where podwall differs from its own reference, or from itself, and gives the exit code. */
function complain(rows: readonly MapRow[], { say }: Context): number {
  const complaints = rows.flatMap(({ input, map, checked }) => [
    ...checked.differences.slice(0, 10).map((difference) => `${inputText(input)}: DIFFERENT: ${difference}`),
    ...(map.podPairs === checked.podPairs
      ? []
      : [`${inputText(input)}: DIFFERENT: ${map.podPairs} pairs in totals, ${checked.podPairs} in the map`]),
  ]);
  for (const complaint of complaints) say(complaint);
  return complaints.length === 0 ? 0 : 1;
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new UsageError(`${option} is a number above 0, not "${text}"`);
  return number;
}
