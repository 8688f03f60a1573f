import { type Cluster, FastEvaluator, isPolicyPod, namespaceTotals } from "@podwall/engine";
import { jsonOutput } from "../json.ts";
import { printable } from "../printable.ts";

/** How many pairs of pods of two namespaces may exchange something. */
export interface NamespaceTotal {
  readonly source: string;
  readonly destination: string;
  /** Ordered pairs of different pods. */
  readonly pairs: number;
  readonly open: number;
}

/** The totals of all pairs of namespaces of which some pods may talk, by name. */
export function mapTotals(cluster: Cluster): readonly NamespaceTotal[] {
  const pods = new Map<string, number>();
  for (const pod of cluster.pods) if (isPolicyPod(pod)) pods.set(pod.namespace, (pods.get(pod.namespace) ?? 0) + 1);
  const pairsOf = (source: string, destination: string): number =>
    (pods.get(source) ?? 0) * ((pods.get(destination) ?? 0) - (source === destination ? 1 : 0));
  const totals = namespaceTotals(new FastEvaluator(cluster).openBlocks());
  return [...totals]
    .flatMap(([source, row]) =>
      [...row].map(([destination, open]) => ({ source, destination, pairs: pairsOf(source, destination), open })),
    )
    .sort((a, b) => compare(a.source, b.source) || compare(a.destination, b.destination));
}

export function totalsText(totals: readonly NamespaceTotal[]): string {
  const width = totals.reduce((widest, { source }) => Math.max(widest, printable(source).length), 0);
  const to = totals.reduce((widest, { destination }) => Math.max(widest, printable(destination).length), 0);
  const lines = totals.map(
    ({ source, destination, pairs, open }) =>
      `${printable(source).padEnd(width)} -> ${printable(destination).padEnd(to)}  ${open} of ${pairs} pairs`,
  );
  const open = totals.reduce((sum, total) => sum + total.open, 0);
  return [...lines, ...(lines.length === 0 ? [] : [""]), `${open} pairs of pods may talk`].join("\n");
}

export function totalsJson(totals: readonly NamespaceTotal[], more: Readonly<Record<string, unknown>> = {}): string {
  return jsonOutput("NamespaceTotals", { totals, ...more });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
