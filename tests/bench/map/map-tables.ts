import { inputText } from "../input-options.ts";
import { digits, grouped, megabytes, seconds, times } from "../output/figures.ts";
import { table } from "../output/table.ts";
import type { MapRow } from "./map-row.ts";
import { peerTable } from "./peer-table.ts";
import { phases } from "./work-out.ts";

/** All that `map` prints for people, as Markdown. */
export function mapTables(rows: readonly MapRow[]): string {
  const parts = [
    ["Whole process, from manifests to the map and its totals by namespace", processTable(rows)],
    ["Where the time goes, in milliseconds (medians)", phaseTable(rows)],
    ["What came out", answerTable(rows)],
    ["A loaded program, in microseconds each", loadedTable(rows)],
    ["Growth", growthTable(rows)],
    ["Other tools on the same files, in the same run", peerTable(rows)],
  ] as const;
  return parts.flatMap(([title, text]) => (text === undefined ? [] : [`${title}:\n\n${text}`])).join("\n\n");
}

function processTable(rows: readonly MapRow[]): string {
  const head = ["input", "YAML MB", "rounds", "wall s", "CPU s", "peak MB", "evaluation alone s"];
  return table(
    head,
    rows.map(({ input, bytes, rounds, wallMs, cpuMs, peakBytes, evaluationMs }) => [
      inputText(input),
      digits(bytes / 1e6),
      `${rounds}`,
      seconds(wallMs),
      seconds(cpuMs),
      megabytes(peakBytes.median),
      seconds(evaluationMs),
    ]),
  );
}

function phaseTable(rows: readonly MapRow[]): string {
  return table(
    ["input", ...phases],
    rows.map(({ input, phaseMs }) => [inputText(input), ...phases.map((phase) => digits(phaseMs[phase].median))]),
  );
}

function answerTable(rows: readonly MapRow[]): string {
  const head = ["input", "classes", "open class pairs", "open pod pairs", "checksum", "compared (open)", "different"];
  return table(
    head,
    rows.map(({ input, map, checked }) => [
      inputText(input),
      grouped(map.classes),
      grouped(map.classPairs),
      grouped(map.podPairs),
      checked.checksum,
      `${grouped(checked.checkedPairs)} (${grouped(checked.checkedOpen)})`,
      `${checked.differences.length}`,
    ]),
  );
}

function loadedTable(rows: readonly MapRow[]): string {
  return table(
    ["input", "work", "times", "mean", "p50", "p99", "worst"],
    rows.flatMap(({ input, checked }) =>
      checked.loaded.map(({ name, count, meanNs, p50Ns, p99Ns, worstNs }) => [
        inputText(input),
        name,
        grouped(count),
        ...[meanNs, p50Ns, p99Ns, worstNs].map((ns) => digits(ns / 1000)),
      ]),
    ),
  );
}

/** Each input against the one before it that differs in its size alone. */
function growthTable(rows: readonly MapRow[]): string | undefined {
  const kind = ({ input }: MapRow): string => inputText({ ...input, profile: { ...input.profile, name: "" } });
  const grown = rows.flatMap((row, index) => {
    const before = rows.slice(0, index).findLast((other) => kind(other) === kind(row));
    return before === undefined ? [] : [{ before, row }];
  });
  if (grown.length === 0) return undefined;
  return table(
    ["from", "to", "pods", "wall", "CPU", "evaluation", "peak memory"],
    grown.map(({ before, row }) => [
      inputText(before.input),
      row.input.profile.name,
      times(row.input.profile.pods / before.input.profile.pods),
      times(row.wallMs.median / before.wallMs.median),
      times(row.cpuMs.median / before.cpuMs.median),
      times(row.evaluationMs.median / before.evaluationMs.median),
      times(row.peakBytes.median / before.peakBytes.median),
    ]),
  );
}
