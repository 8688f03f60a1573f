import { table } from "../output/table.ts";
import { crowdShare } from "./crowd-share.ts";
import type { ScaleRow } from "./scale-row.ts";

/** The cluster that costs are carried over to: as large as Kubernetes says that it goes. */
const large = { nodes: 5_000, writesPerSecond: 100 };

/** What was measured, and what it comes to in the largest cluster. */
export function scaleTables(rows: readonly ScaleRow[]): string {
  const [first] = rows;
  if (first === undefined) return "";
  return [
    "One node's agent:",
    table(
      ["cluster", "pods here", "ready after, s", "CPU until then, s", "read, MB", "RSS, MiB", "idle, % of a core"],
      rows.map(({ profile, localPods, start, rssMib, idle }) => [
        profile,
        String(localPods),
        start.untilReady.toFixed(1),
        start.agentCpu.toFixed(1),
        start.megabytes.toFixed(1),
        rssMib.toFixed(0),
        ((100 * idle.agentCpu) / idle.seconds).toFixed(1),
      ]),
    ),
    "The same agent while the cluster changes:",
    table(
      ["cluster", "writes/s", "agent, % of a core", "kB a write", "RSS, MiB", "event to kernel p50, ms", "p99, ms"],
      rows.map(({ profile, churn }) => [
        profile,
        (churn.changes.writes / churn.changes.seconds).toFixed(0),
        ((100 * churn.agentCpu) / churn.changes.seconds).toFixed(0),
        ((1000 * churn.megabytes) / churn.changes.writes).toFixed(2),
        churn.rssMib.toFixed(0),
        `≤ ${churn.eventToKernel.p50Ms}`,
        `≤ ${churn.eventToKernel.p99Ms}`,
      ]),
    ),
    `What agents cost the API server, and what ${large.nodes} would at ${large.writesPerSecond} writes a second:`,
    table(
      [
        "cluster",
        "watchers",
        "turns",
        "API CPU an event and watcher, µs",
        "of turns",
        "cores",
        "MB/s",
        "all start: CPU, s",
        "GB",
      ],
      rows.map((row) => {
        const { median: perEvent, min, max } = crowdShare(row.crowd);
        const bytes = row.churn.megabytes / row.churn.changes.writes;
        return [
          row.profile,
          String(row.crowd.watchers),
          String(row.crowd.turns.length),
          (perEvent * 1e6).toFixed(1),
          `${(min * 1e6).toFixed(1)} to ${(max * 1e6).toFixed(1)}`,
          (perEvent * large.nodes * large.writesPerSecond).toFixed(1),
          (bytes * large.nodes * large.writesPerSecond).toFixed(0),
          (row.start.apiCpu * large.nodes).toFixed(0),
          ((row.start.megabytes * large.nodes) / 1000).toFixed(0),
        ];
      }),
    ),
  ].join("\n\n");
}
