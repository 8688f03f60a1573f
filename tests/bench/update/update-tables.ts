import { percentile } from "../measure/percentile.ts";
import { digits, grouped } from "../output/figures.ts";
import { table } from "../output/table.ts";
import { type MeasuredUpdate, type UpdateEvent, stages } from "./update-results.ts";

export interface UpdateRow {
  readonly input: string;
  readonly measured: MeasuredUpdate;
}

export function updateTables(rows: readonly UpdateRow[]): string {
  return [
    "The first state of the cluster into an empty kernel, in milliseconds:",
    table(
      ["input", "pods", "policies", "own pods", ...stages.slice(1), "all"],
      rows.map(({ input, measured }) => [
        input,
        grouped(measured.pods),
        grouped(measured.policies),
        grouped(measured.localPods),
        ...stages.slice(1).map((stage) => digits(measured.fullSync[stage])),
        digits(measured.fullSyncMs),
      ]),
    ),
    "What each stage takes, and (all) from an event to the kernel beyond the 15 ms in which the agent waits for more events and makes its plan, in milliseconds:",
    ...rows.map(stageTable),
    "By what happened:",
    ...rows.map(eventTable),
    "One element added by nft alone, in milliseconds, in an empty table and in that of the agent:",
    table(
      ["input", "chains", "sets", "p50", "p99", "worst"],
      rows.flatMap(({ input, measured: { elements } }) =>
        elements.map(({ chains, sets, tookMs }) => [input, grouped(chains), grouped(sets), ...spread(tookMs)]),
      ),
    ),
    "How often live connections were looked at again (the epoch rose), and the agent's CPU time without nft's:",
    table(
      ["input", "events", "a second", "changes of the kernel", "epoch rose", "a minute", "CPU ms an event"],
      rows.map(({ input, measured: { events, perSecond, seconds, applies, epochsRaised, cpuMs } }) => [
        input,
        grouped(events.length),
        grouped(perSecond),
        grouped(applies),
        grouped(epochsRaised),
        digits((epochsRaised / seconds) * 60),
        digits(cpuMs / events.length),
      ]),
    ),
  ].join("\n\n");
}

function stageTable({ input, measured: { events } }: UpdateRow): string {
  const row = (name: string, of: (event: UpdateEvent) => number): string[] => [input, name, ...spread(events.map(of))];
  return table(
    ["input", "stage", "p50", "p99", "worst"],
    [...stages.map((stage) => row(stage, (event) => event.stages[stage])), row("all", ({ totalMs }) => totalMs)],
  );
}

function eventTable({ input, measured: { events } }: UpdateRow): string {
  const byWhat = groupedBy(events);
  return table(
    ["input", "event", "times", "p50", "p99", "worst", "plan p50", "nft p50", "commands p50"],
    [...byWhat].map(([what, some]) => [
      input,
      what,
      grouped(some.length),
      ...spread(some.map(({ totalMs }) => totalMs)),
      digits(
        percentile(
          some.map(({ stages: { plan } }) => plan),
          0.5,
        ),
      ),
      digits(
        percentile(
          some.map(({ stages: { nft } }) => nft),
          0.5,
        ),
      ),
      grouped(
        percentile(
          some.map(({ commands }) => commands),
          0.5,
        ),
      ),
    ]),
  );
}

function spread(numbers: readonly number[]): string[] {
  return [0.5, 0.99, 1].map((share) => digits(percentile(numbers, share)));
}

function groupedBy(events: readonly UpdateEvent[]): ReadonlyMap<string, readonly UpdateEvent[]> {
  const groups = new Map<string, UpdateEvent[]>();
  for (const event of events) groups.set(event.what, [...(groups.get(event.what) ?? []), event]);
  return groups;
}
