import { dotString } from "../escape/dot-string.ts";
import type { MapMatrix, MatrixCell, MatrixEnd } from "./map-matrix.ts";
import { pairStateText } from "./pair-state.ts";

/** Graphviz' language: a node for each end, namespaces as boxes around them, an edge for each pair. */
export function mapDot({ ends, cells, byNamespace }: MapMatrix): string {
  const groups = new Map<string, string[]>();
  for (const [index, end] of ends.entries()) {
    groups.set(end.group, [...(groups.get(end.group) ?? []), nodeLine(index, end)]);
  }
  const boxes = [...groups].flatMap(([group, nodes], index) =>
    group === "" ? nodes.map((node) => `  ${node}`) : boxLines(index, group, nodes),
  );
  return [
    "digraph podwall {",
    '  graph [rankdir=LR, fontname="sans-serif", compound=true];',
    '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#64748b", fontname="sans-serif"];',
    '  edge [color="#2563eb", fontsize=10, fontname="sans-serif"];',
    ...boxes,
    ...cells.map((cell) => edgeLine(cell, byNamespace)),
    "}",
    "",
  ].join("\n");
}

function boxLines(index: number, group: string, nodes: readonly string[]): string[] {
  return [
    `  subgraph cluster_${index} {`,
    `    label=${dotString(group)}; style="rounded,filled"; fillcolor="#f1f5f9"; color="#cbd5e1";`,
    ...nodes.map((node) => `    ${node}`),
    "  }",
  ];
}

function nodeLine(index: number, { label, pods }: MatrixEnd): string {
  const shape = pods === 0 ? ", shape=ellipse" : "";
  return `n${index} [label=${dotString(pods > 1 ? `${label} (${pods})` : label)}${shape}];`;
}

function edgeLine(cell: MatrixCell, byNamespace: boolean): string {
  const { source, destination, unknown, byName, pairs } = cell;
  const text = pairStateText(cell);
  const label = `${text}${byNamespace ? ` (${pairs} pairs)` : ""}${byName ? " by name" : ""}`;
  const colour = unknown !== undefined ? ', color="#7c3aed"' : text === "all" ? ', color="#d97706"' : "";
  const style = byName ? ", style=dashed" : unknown !== undefined ? ", style=dotted" : "";
  return `  n${source} -> n${destination} [label=${dotString(label)}${style}${colour}];`;
}
