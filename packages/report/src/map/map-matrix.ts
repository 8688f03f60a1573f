import { type ConnectionSet, type Direction, type MissingFact, noConnections, union } from "@podwall/engine";
import { distinctFacts } from "../explain/missing-notes.ts";
import type { ConnectionMap } from "./connection-map.ts";
import type { MapPair } from "./map-pair.ts";
import { mapSummary } from "./pair-state.ts";

/** A row and column of a picture of a map. */
export interface MatrixEnd {
  /** The whole name. */
  readonly name: string;
  /** The name within its group. */
  readonly label: string;
  /** The namespace; `outside` for what is no pod. */
  readonly group: string;
  /** 0 for what is no pod. */
  readonly pods: number;
  /** Directions that no policy isolates it for. */
  readonly open: readonly Direction[];
}

export interface MatrixCell {
  /** Indices of ends. */
  readonly source: number;
  readonly destination: number;
  readonly connections: ConnectionSet;
  /** What besides may pass or not; each fact it depends on once. */
  readonly unknown?: { readonly connections: ConnectionSet; readonly missing: readonly MissingFact[] };
  /** Whether the destination is met by a domain name only. */
  readonly byName: boolean;
  /** How many pairs of ends this stands for, those that are not known too; 1 but where ends are whole namespaces. */
  readonly pairs: number;
}

/** A map as rows and columns. Where there are too many ends to look at, each namespace is one. */
export interface MapMatrix {
  readonly ends: readonly MatrixEnd[];
  /** Only those with something in them, by source and then destination. */
  readonly cells: readonly MatrixCell[];
  /** Whether namespaces stand for their workloads. */
  readonly byNamespace: boolean;
  /** `20 ends, 501 pairs: 60 may talk, 441 may not`, of the whole map. */
  readonly summary: string;
}

/** A map that is too large for a picture, even by namespace. */
export interface TooLarge {
  readonly problem: string;
}

export const outside = "outside";

/** What a picture can show. */
export interface MatrixBounds {
  readonly ends: number;
  /** For pictures in which each is a line; any number by default. */
  readonly cells?: number;
}

/** The map as a matrix within bounds. */
export function mapMatrix(map: ConnectionMap, bounds: MatrixBounds): MapMatrix | TooLarge {
  const fits = ({ ends, cells }: MapMatrix): boolean =>
    ends.length <= bounds.ends && cells.length <= (bounds.cells ?? Number.POSITIVE_INFINITY);
  const whole = matrixOf(map);
  if (fits(whole)) return whole;
  const grouped = byNamespace(whole);
  if (fits(grouped)) return grouped;
  const problem = `a picture of ${grouped.ends.length} namespaces shows nothing; take --format csv or json, or fewer files`;
  return { problem };
}

function matrixOf(map: ConnectionMap): MapMatrix {
  const { pairs, byName } = map;
  const inside = map.ends.map(({ name, pods, count = pods.length, open }): MatrixEnd => {
    const at = name.indexOf("/");
    return { name, label: name.slice(at + 1), group: name.slice(0, at), pods: count, open };
  });
  const known = new Set(inside.map(({ name }) => name));
  const others = new Set([...pairs, ...byName].flatMap(({ source, destination }) => [source, destination]));
  const ends = [
    ...inside.sort((a, b) => compare(a.group, b.group) || compare(a.label, b.label)),
    ...[...others]
      .filter((name) => !known.has(name))
      .map((name): MatrixEnd => ({ name, label: name, group: outside, pods: 0, open: [] })),
  ];
  const places = new Map(ends.map(({ name }, index) => [name, index]));
  const place = (name: string): number => places.get(name) as number;
  const cell = ({ source, destination, connections, unknown }: MapPair, named: boolean): MatrixCell => ({
    source: place(source),
    destination: place(destination),
    connections,
    ...(unknown === undefined ? {} : { unknown }),
    byName: named,
    pairs: 1,
  });
  const cells = [...pairs.map((pair) => cell(pair, false)), ...byName.map((pair) => cell(pair, true))];
  return { ends, cells: cells.sort(inOrder), byNamespace: false, summary: mapSummary(map) };
}

function byNamespace({ ends, cells, summary }: MapMatrix): MapMatrix {
  const groups = new Map<string, MatrixEnd[]>();
  for (const end of ends) groups.set(groupKey(end), [...(groups.get(groupKey(end)) ?? []), end]);
  const names = [...groups.keys()];
  const grouped = [...groups.values()].map((own): MatrixEnd => {
    const [first] = own;
    const name = first?.pods === 0 ? outside : (first?.group ?? "");
    const pods = own.reduce((sum, end) => sum + end.pods, 0);
    const open = (["ingress", "egress"] as const).filter((direction) =>
      own.every((end) => end.open.includes(direction)),
    );
    return { name, label: name, group: "", pods, open };
  });
  const groupOf = ends.map((end) => names.indexOf(groupKey(end)));
  const sums = new Map<number, MatrixCell>();
  for (const { connections, unknown, byName, ...cell } of cells) {
    const source = groupOf[cell.source] as number;
    const destination = groupOf[cell.destination] as number;
    const key = source * names.length + destination;
    const sum = sums.get(key) ?? { source, destination, connections: noConnections, byName: true, pairs: 0 };
    sums.set(key, {
      ...sum,
      connections: union(sum.connections, connections),
      ...bothUnknown(sum.unknown, unknown),
      byName: sum.byName && byName,
      pairs: sum.pairs + 1,
    });
  }
  return { ends: grouped, cells: [...sums.values()].sort(inOrder), byNamespace: true, summary };
}

function bothUnknown(a: MatrixCell["unknown"], b: MatrixCell["unknown"]): Pick<MatrixCell, "unknown"> {
  if (a === undefined || b === undefined) return a || b ? { unknown: (a ?? b) as NonNullable<typeof a> } : {};
  const missing = distinctFacts([...a.missing, ...b.missing]);
  return { unknown: { connections: union(a.connections, b.connections), missing } };
}

/** Of an end; no namespace has the outside's. */
function groupKey({ group, pods }: MatrixEnd): string {
  return pods === 0 ? outside : `${group}/`;
}

function inOrder(a: MatrixCell, b: MatrixCell): number {
  return a.source - b.source || a.destination - b.destination;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
