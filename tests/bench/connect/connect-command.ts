import { parseArgs } from "node:util";
import { inNamespace } from "../agent/in-namespace.ts";
import { beginReport, count, reportOptions } from "../output/report.ts";
import type { Context } from "../context.ts";
import { spreadOf } from "../measure/spread.ts";
import { digits, times } from "../output/figures.ts";
import { table } from "../output/table.ts";
import type { MeasuredConnect } from "./connect-results.ts";

const options = { rounds: { type: "string" }, connections: { type: "string" }, ...reportOptions } as const;

/** `connect`: measures what policies cost a new connection. */
export async function connectCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const report = beginReport("connect", args, values, context);
  const rounds = count("--rounds", values.rounds ?? "15");
  const connections = count("--connections", values.connections ?? "2000");
  const measured = await inNamespace<MeasuredConnect>("measured-connect", [`${rounds}`, `${connections}`], context);
  report({ results: { results: measured }, tables: tableOf(measured) });
  return 0;
}

function tableOf({ variants, connectionsEach }: MeasuredConnect): string {
  const base = variants[0]?.roundsNs ?? [];
  const rows = variants.map(({ name, roundsNs, p99Ns }) => {
    const { median, min, max } = spreadOf(roundsNs.map((time, round) => time / (base[round] as number)));
    return [
      name,
      `${roundsNs.length}`,
      digits(spreadOf(roundsNs).median / 1000),
      digits(spreadOf(p99Ns).median / 1000),
      `${times(median)} (${digits(min)}–${digits(max)})`,
    ];
  });
  return [
    `A new TCP connection by way of a node, in microseconds: the median of each round of ${connectionsEach} connections, and of that`,
    "the median over rounds in turns. Ratios are to the first row in the same round.",
    "",
    table(["between the ends", "rounds", "p50", "p99", "ratio of p50"], rows),
  ].join("\n");
}
