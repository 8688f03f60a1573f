import {
  type Cluster,
  FastEvaluator,
  type OtherObject,
  PairAnswers,
  isPolicyPod,
  namespaceTotals,
} from "@podwall/engine";
import { jsonOutput } from "../json.ts";
import { printable } from "../printable.ts";
import { type ConnectionMap, connectionMap } from "./connection-map.ts";
import type { MapEnd } from "./map-ends.ts";
import { isOpen } from "./pair-state.ts";

/** How many pairs of pods of two namespaces may exchange something. */
export interface NamespaceTotal {
  readonly source: string;
  readonly destination: string;
  /** Ordered pairs of different pods. */
  readonly pairs: number;
  readonly open: number;
  /** Of which that is not known; absent where that is none. */
  readonly unknown?: number;
}

/** The totals of all pairs of namespaces of which some pods may talk, by name. */
export function mapTotals(cluster: Cluster, others: readonly OtherObject[] = []): readonly NamespaceTotal[] {
  const pods = new Map<string, number>();
  for (const pod of cluster.pods) if (isPolicyPod(pod)) pods.set(pod.namespace, (pods.get(pod.namespace) ?? 0) + 1);
  const pairsOf = (source: string, destination: string): number =>
    (pods.get(source) ?? 0) * ((pods.get(destination) ?? 0) - (source === destination ? 1 : 0));
  const inOrder = (totals: readonly NamespaceTotal[]): readonly NamespaceTotal[] =>
    totals.toSorted((a, b) => compare(a.source, b.source) || compare(a.destination, b.destination));
  const answers = new PairAnswers([{ cluster, others }]);
  if (!answers.isWhole) {
    return inOrder(
      countPairs(connectionMap(cluster, others, answers)).map((count) => ({
        ...count,
        pairs: pairsOf(count.source, count.destination),
      })),
    );
  }
  const totals = namespaceTotals(new FastEvaluator(cluster).openBlocks());
  return inOrder(
    [...totals].flatMap(([source, row]) =>
      [...row].map(([destination, open]) => ({ source, destination, pairs: pairsOf(source, destination), open })),
    ),
  );
}

/** Counts pairs of pods one by one, where of some it is not known whether they may talk. */
function countPairs({ ends, pairs }: ConnectionMap): readonly Omit<NamespaceTotal, "pairs">[] {
  const known = new Map(ends.map((end) => [end.name, end]));
  const counts = new Map<string, { source: string; destination: string; open: number; unknown: number }>();
  for (const pair of pairs) {
    const [from, to] = [known.get(pair.source), known.get(pair.destination)];
    if (from === undefined || to === undefined) continue;
    const [source, destination] = [namespaceOf(from), namespaceOf(to)];
    const key = `${source}/${destination}`;
    const count = counts.get(key) ?? { source, destination, open: 0, unknown: 0 };
    counts.set(key, count);
    count[isOpen(pair) ? "open" : "unknown"] += from.pods.length * (to.pods.length - (from === to ? 1 : 0));
  }
  return Array.from(counts.values(), ({ unknown, ...count }) => (unknown === 0 ? count : { ...count, unknown }));
}

/** No namespace has a slash in its name. */
function namespaceOf({ name }: MapEnd): string {
  return name.slice(0, name.indexOf("/"));
}

export function totalsText(totals: readonly NamespaceTotal[]): string {
  const width = totals.reduce((widest, { source }) => Math.max(widest, printable(source).length), 0);
  const to = totals.reduce((widest, { destination }) => Math.max(widest, printable(destination).length), 0);
  const lines = totals.map(
    ({ source, destination, pairs, open, unknown }) =>
      `${printable(source).padEnd(width)} -> ${printable(destination).padEnd(to)}  ${open} of ${pairs} pairs${unknown === undefined ? "" : `, ${unknown} unknown`}`,
  );
  const open = totals.reduce((sum, total) => sum + total.open, 0);
  const unknown = totals.reduce((sum, total) => sum + (total.unknown ?? 0), 0);
  const rest = unknown === 0 ? "" : `, of ${unknown} it is not known`;
  return [...lines, ...(lines.length === 0 ? [] : [""]), `${open} pairs of pods may talk${rest}`].join("\n");
}

export function totalsJson(totals: readonly NamespaceTotal[], more: Readonly<Record<string, unknown>> = {}): string {
  return jsonOutput("NamespaceTotals", { totals, ...more });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
