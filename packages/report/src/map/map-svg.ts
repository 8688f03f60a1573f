import { xmlText } from "../escape/xml-text.ts";
import { missingFactText } from "../explain/missing-facts-text.ts";
import { printable } from "../printable.ts";
import type { MapMatrix, MatrixCell, MatrixEnd } from "./map-matrix.ts";
import { pairStateText } from "./pair-state.ts";
import { shortState } from "./short-connections.ts";

/** Lengths are in pixels. */
const margin = 24;
const titleHeight = 56;
const legendHeight = 44;
/** Of the text of labels, which is monospaced so that its width is known. */
const letter = 7.3;
/** Between two groups. */
const gap = 8;
const longestLabel = 36;

const style = `
svg { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.back { fill: #ffffff } .text { fill: #0f172a } .dim { fill: #64748b } .band { fill: #f1f5f9 }
.none { fill: #e2e8f0 } .some { fill: #2563eb } .all { fill: #d97706 } .maybe { fill: #7c3aed } .self { fill: none; stroke: #cbd5e1 }
.named { stroke: #0f172a; stroke-dasharray: 3 2 } .on { fill: #ffffff; font-size: 10px; text-anchor: middle }
.title { font-size: 17px; font-weight: 600 } .end { text-anchor: end }
@media (prefers-color-scheme: dark) {
.back { fill: #0f172a } .text { fill: #e2e8f0 } .dim { fill: #94a3b8 } .band { fill: #1e293b }
.none { fill: #334155 } .some { fill: #3b82f6 } .all { fill: #b45309 } .self { stroke: #475569 } .named { stroke: #e2e8f0 }
}`;

/** A picture of who may talk to whom: sources down, destinations across, and the ports where the two meet. */
export function mapSvg(matrix: MapMatrix): string {
  const { ends, cells, summary, byNamespace } = matrix;
  const size = ends.length <= 40 ? 44 : 20;
  const height = ends.length <= 40 ? 26 : 20;
  const labels = ends.map((end) => cut(nameOf(end)));
  const labelWidth = Math.max(12, ...labels.map((label) => label.length)) * letter;
  const across = places(ends, size);
  const down = places(ends, height);
  const left = margin + labelWidth + 12;
  const top = margin + titleHeight + labelWidth * slant + 16;
  const room = labelWidth * slant + margin;
  const width = Math.ceil(Math.max(left + across.length + room, 720));
  const full = Math.ceil(top + down.length + legendHeight + margin);
  const what = byNamespace ? "namespaces" : "workloads and blocks";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${full}" viewBox="0 0 ${width} ${full}" role="img">`,
    `<title>${xmlText(`podwall map: ${summary}`)}</title>`,
    `<style>${style}\n</style>`,
    `<rect class="back" width="${width}" height="${full}"/>`,
    `<text class="text title" x="${margin}" y="${margin + 14}">Who may talk to whom</text>`,
    `<text class="dim" x="${margin}" y="${margin + 36}">${xmlText(summary)}; rows are sources, columns destinations, ${what}</text>`,
    ...bands(ends, down).map(
      ({ from, to }) =>
        `<rect class="band" x="${left - labelWidth - 12}" y="${top + from - 2}" width="${labelWidth + 12 + across.length}" height="${to - from + 4}" rx="4"/>`,
    ),
    ...labels.flatMap((label, index) => {
      const y = top + (down.at[index] as number) + height / 2 + 4;
      const x = left + (across.at[index] as number) + size / 2;
      const text = xmlText(label);
      return [
        `<text class="text end" x="${left - 8}" y="${y}">${text}</text>`,
        `<text class="text" transform="translate(${x + 3} ${top - 8}) rotate(-45)">${text}</text>`,
      ];
    }),
    ...cellRects({ matrix, across, down, left, top, size, height }),
    ...cells.map((cell) => filled({ matrix, across, down, left, top, size, height }, cell)),
    ...legend(margin, top + down.length + 24, matrix),
    "</svg>",
    "",
  ].join("\n");
}

/** How much of its length a label takes upwards, at 45 degrees. */
const slant = Math.SQRT1_2;

interface Places {
  readonly at: readonly number[];
  readonly length: number;
}

interface Drawing {
  readonly matrix: MapMatrix;
  readonly across: Places;
  readonly down: Places;
  readonly left: number;
  readonly top: number;
  readonly size: number;
  readonly height: number;
}

/** Where each end begins, with a gap between groups. */
function places(ends: readonly MatrixEnd[], size: number): Places {
  let length = 0;
  const at = ends.map(({ group }, index) => {
    if (index > 0 && ends[index - 1]?.group !== group) length += gap;
    length += size;
    return length - size;
  });
  return { at, length };
}

/** The stretch of each group, every second one, so that groups are told apart. */
function bands(ends: readonly MatrixEnd[], { at, length }: Places): { from: number; to: number }[] {
  const starts = ends.flatMap(({ group }, index) => (ends[index - 1]?.group === group ? [] : [index]));
  return starts
    .map((start, index) => {
      const next = starts[index + 1];
      return { from: at[start] as number, to: next === undefined ? length : (at[next] as number) - gap };
    })
    .filter((_, index) => index % 2 === 0);
}

/** The empty cells of all pairs: one path, however many there are. */
function cellRects({ matrix: { ends }, across, down, left, top, size, height }: Drawing): string[] {
  const dots: string[] = [];
  const selves: string[] = [];
  for (const [row, source] of ends.entries()) {
    for (const [column, destination] of ends.entries()) {
      if (source.pods === 0 && destination.pods === 0) continue;
      const x = left + (across.at[column] as number) + size / 2;
      const y = top + (down.at[row] as number) + height / 2;
      if (row === column) selves.push(`M${x - 4} ${y + 4}l8 -8`);
      else dots.push(`M${x - 2} ${y - 2}h4v4h-4z`);
    }
  }
  return [`<path class="none" d="${dots.join("")}"/>`, `<path class="self" d="${selves.join("")}"/>`];
}

function filled({ matrix, across, down, left, top, size, height }: Drawing, cell: MatrixCell): string {
  const { source, destination, unknown, byName, pairs } = cell;
  const [from, to] = [matrix.ends[source], matrix.ends[destination]];
  const x = left + (across.at[destination] as number);
  const y = top + (down.at[source] as number);
  const text = pairStateText(cell);
  const short = matrix.byNamespace ? `${pairs}` : shortState(cell);
  const shown = size > 24 && short.length <= 7 ? short : size > 24 ? `${short.slice(0, 6)}…` : "";
  const kind = `${unknown !== undefined ? "maybe" : text === "all" ? "all" : "some"}${byName ? " named" : ""}`;
  const missing = unknown === undefined ? "" : `. It depends on ${unknown.missing.map(missingFactText).join("; ")}`;
  const note = `${byName ? " by name" : ""}${matrix.byNamespace ? `, ${pairs} pairs` : ""}${missing}`;
  const title = `${printable(from?.name ?? "")} -> ${printable(to?.name ?? "")}: ${text}${note}`;
  return [
    `<g><title>${xmlText(title)}</title>`,
    `<rect class="${kind}" x="${x + 1}" y="${y + 1}" width="${size - 2}" height="${height - 2}" rx="3"/>`,
    shown === "" ? "" : `<text class="on" x="${x + size / 2}" y="${y + height / 2 + 3.5}">${xmlText(shown)}</text>`,
    "</g>",
  ].join("");
}

function legend(x: number, y: number, { byNamespace, cells }: MapMatrix): string[] {
  const hasUnknown = cells.some(({ unknown }) => unknown !== undefined);
  const items = [
    ["some", byNamespace ? "some of the pairs, some ports" : "some ports"],
    ["all", "everything"],
    ["none", "nothing"],
    ...(hasUnknown ? ([["maybe", "not known, or not all of it"]] as const) : []),
  ] as const;
  let at = x;
  return items.flatMap(([kind, text]) => {
    const here = at;
    at += 40 + text.length * letter;
    return [
      `<rect class="${kind}" x="${here}" y="${y}" width="14" height="14" rx="3"/>`,
      `<text class="dim" x="${here + 20}" y="${y + 11}">${text}</text>`,
    ];
  });
}

function nameOf({ name, pods }: MatrixEnd): string {
  return printable(pods > 1 ? `${name} (${pods})` : name);
}

function cut(text: string): string {
  return text.length <= longestLabel ? text : `${text.slice(0, longestLabel - 1)}…`;
}
