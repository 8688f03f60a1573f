import { type ClusterDiff, type ConnectionSet, type DiffBlock, formatConnections, isEmpty } from "@podwall/engine";
import { GroupedNotes } from "../explain/grouped-notes.ts";
import type { Style } from "../style.ts";
import { diffSections, diffSummary, unknownTexts } from "./diff-sections.ts";
import { EndNames } from "./end-names.ts";

/** What opens and what closes, worst first, and a line that sums it up. */
export function diffText(diff: ClusterDiff, style: Style): string {
  const { blocks, ends } = diff;
  const names = new EndNames(ends);
  const notes = new GroupedNotes();
  const sections = diffSections(blocks).map(({ heading, blocks: own }) =>
    [style.bold(heading), ...own.flatMap((block) => blockLines(block, names, notes, style)), ""].join("\n"),
  );
  return [...sections, ...presenceLines(diff), diffSummary(diff), ...notes.lines].join("\n");
}

function blockLines(block: DiffBlock, names: EndNames, notes: GroupedNotes, style: Style): string[] {
  const who = `${names.list(block.sources)} -> ${names.list(block.destinations)}`;
  const line = (sign: string, set: ConnectionSet, paint: (text: string) => string, note: string): string =>
    `  ${paint(`${sign} ${who}  ${formatConnections(set)}`)}${note === "" ? "" : style.dim(` (${note})`)}`;
  const { before, after, opened, closed } = block;
  const [opens, closes] = [!isEmpty(opened), !isEmpty(closed)];
  const lines: string[] = [];
  // Where one part opens and another closes, the two lines say what was and what is.
  const was = closes || isEmpty(before) ? "" : `before: ${formatConnections(before)}`;
  const is = opens || isEmpty(after) ? "" : `now: ${formatConnections(after)}`;
  if (opens) lines.push(line("+", opened, style.bad, was));
  if (closes) lines.push(line("-", closed, style.good, is));
  const mark = notes.mark(block.unknown?.missing ?? []);
  return [...lines, ...unknownTexts(block).map((text) => `  ${style.warn(`? ${who}  ${text}`)}${mark}`)];
}

/** The ends that only one state has. */
function presenceLines({ ends }: ClusterDiff): string[] {
  const all = new EndNames(ends);
  return (["new", "gone"] as const).flatMap((presence) => {
    const own = ends.filter((end) => end.presence === presence).map((end) => ({ ...end, presence: "both" as const }));
    return own.length === 0 ? [] : [`${presence}: ${all.list(own)}`];
  });
}
