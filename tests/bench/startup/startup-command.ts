import { parseArgs } from "node:util";
import { maxPodsOfNode } from "../../../packages/lab/src/index.ts";
import { kubeLacking } from "../../system/support/kube-binaries.ts";
import { lacking as packetsLacking } from "../../system/support/lacking.ts";
import { beginReport, count, reportOptions } from "../output/report.ts";
import { type Context, UsageError } from "../context.ts";
import { percentile } from "../measure/percentile.ts";
import { digits } from "../output/figures.ts";
import { table } from "../output/table.ts";
import { measureStartup } from "./measure-startup.ts";
import type { Starts } from "./startup-results.ts";

const options = { rounds: { type: "string" }, ...reportOptions } as const;
/** Each has two addresses that none had before. */
const mostRounds = Math.floor(maxPodsOfNode / 2);

/** `startup`: pods that send as soon as they run. The answer is no where a packet got through that policy denies. */
export async function startupCommand(args: readonly string[], context: Context): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const report = beginReport("startup", args, values, context);
  const rounds = count("--rounds", values.rounds ?? "25");
  if (rounds > mostRounds) throw new UsageError(`--rounds is at most ${mostRounds}: a node has no more addresses`);
  const lacking = kubeLacking ?? packetsLacking;
  if (lacking !== undefined) {
    context.say(`this machine cannot do it: ${lacking}`);
    return 3;
  }
  const starts = await measureStartup(rounds, context);
  report({ results: { results: starts }, tables: tableOf(starts) });
  return starts.every(({ leaks }) => leaks === 0) ? 0 : 1;
}

function tableOf(starts: readonly Starts[]): string {
  const spread = (times: readonly number[]): readonly string[] =>
    [0.5, 0.99, 1].map((share) => (times.length === 0 ? "–" : digits(percentile(times, share))));
  return [
    "From a pod's address being written to the API until its first connection, in milliseconds; beside it the same pod's first",
    "connection when nothing is to be waited for. Pods that may not connect try as well; what of theirs got through is a leak.",
    "",
    table(
      ["start", "may connect", "p50", "p99", "worst", "control p50", "p99", "worst", "may not", "packets leaked"],
      starts.map(({ kind, waitsMs, controlMs, denied, leaks }) => [
        kind,
        `${waitsMs.length}`,
        ...spread(waitsMs),
        ...spread(controlMs),
        `${denied}`,
        `${leaks}`,
      ]),
    ),
  ].join("\n");
}
