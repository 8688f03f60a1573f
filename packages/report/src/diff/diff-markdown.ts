import { type ClusterDiff, type DiffBlock, formatConnections, isEmpty } from "@podwall/engine";
import { markdownRow, markdownText } from "../escape/markdown-text.ts";
import { MissingNotes } from "../explain/missing-notes.ts";
import { diffSections, diffSummary, unknownTexts } from "./diff-sections.ts";
import { EndNames } from "./end-names.ts";

/** For a review's comment: a table for each sort of change. */
export function diffMarkdown(diff: ClusterDiff): string {
  const { blocks, ends } = diff;
  const names = new EndNames(ends);
  const notes = new MissingNotes();
  const row = (block: DiffBlock): string => {
    const { sources, destinations, before, after, opened, closed, unknown } = block;
    const mark = markdownText(notes.mark(unknown?.missing ?? []));
    return markdownRow([
      markdownText(names.list(sources)),
      markdownText(names.list(destinations)),
      [
        isEmpty(opened) ? [] : [`+ ${formatConnections(opened)}`],
        isEmpty(closed) ? [] : [`- ${formatConnections(closed)}`],
        unknownTexts(block).map((text) => `? ${text} ${mark}`),
      ]
        .flat()
        .join("<br>"),
      formatConnections(before),
      formatConnections(after),
    ]);
  };
  const tables = diffSections(blocks).map(({ heading, blocks: own }) =>
    [
      `#### ${heading[0]?.toUpperCase()}${heading.slice(1)}`,
      "",
      markdownRow(["source", "destination", "change", "before", "after"]),
      markdownRow(["---", "---", "---", "---", "---"]),
      ...own.map(row),
      "",
    ].join("\n"),
  );
  const summary = diffSummary(diff);
  const facts = notes.lines.length === 0 ? [] : [...notes.lines.map((line) => `- ${markdownText(line)}`), ""];
  return ["### podwall diff", "", `${summary[0]?.toUpperCase()}${summary.slice(1)}.`, "", ...tables, ...facts].join(
    "\n",
  );
}
