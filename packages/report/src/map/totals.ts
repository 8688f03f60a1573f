import {
  type Cluster,
  FastEvaluator,
  type OtherObject,
  PairAnswers,
  isPolicyPod,
  looseTotals,
  namespaceTotals,
} from "@podwall/engine";
import { jsonOutput } from "../json.ts";
import { printable } from "../printable.ts";

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
  const evaluator = new FastEvaluator(cluster);
  const answers = new PairAnswers([{ cluster, others, evaluator }]);
  const counts = new Map<string, Omit<NamespaceTotal, "pairs">>();
  for (const [source, row] of namespaceTotals(evaluator.openBlocks())) {
    for (const [destination, open] of row) counts.set(`${source}/${destination}`, { source, destination, open });
  }
  for (const { source, destination, open, unknown } of answers.isWhole ? [] : looseTotals(cluster, answers)) {
    const key = `${source}/${destination}`;
    const given = counts.get(key)?.open ?? 0;
    counts.set(key, { source, destination, open: given + open, ...(unknown === 0 ? {} : { unknown }) });
  }
  return Array.from(counts.values(), (count) => ({ ...count, pairs: pairsOf(count.source, count.destination) }))
    .filter(({ open, unknown = 0 }) => open > 0 || unknown > 0)
    .sort((a, b) => compare(a.source, b.source) || compare(a.destination, b.destination));
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
