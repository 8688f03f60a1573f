import { type ClusterDiff, type DiffBlock, formatConnections, isEmpty } from "@podwall/engine";
import { diffSections, diffSummary } from "./diff-sections.ts";
import { EndNames } from "./end-names.ts";

/** For a review's comment: a table for each sort of change. */
export function diffMarkdown({ blocks, ends }: ClusterDiff): string {
  const names = new EndNames(ends);
  const row = ({ sources, destinations, before, after, opened, closed }: DiffBlock): string =>
    cells([
      cellText(names.list(sources)),
      cellText(names.list(destinations)),
      [
        isEmpty(opened) ? [] : [`+ ${formatConnections(opened)}`],
        isEmpty(closed) ? [] : [`- ${formatConnections(closed)}`],
      ]
        .flat()
        .join("<br>"),
      formatConnections(before),
      formatConnections(after),
    ]);
  const tables = diffSections(blocks).map(({ heading, blocks: own }) =>
    [
      `#### ${heading[0]?.toUpperCase()}${heading.slice(1)}`,
      "",
      cells(["source", "destination", "change", "before", "after"]),
      cells(["---", "---", "---", "---", "---"]),
      ...own.map(row),
      "",
    ].join("\n"),
  );
  const summary = diffSummary(blocks);
  return ["### podwall diff", "", `${summary[0]?.toUpperCase()}${summary.slice(1)}.`, "", ...tables].join("\n");
}

function cells(texts: readonly string[]): string {
  return `| ${texts.join(" | ")} |`;
}

/** What Markdown would read as more than text. */
function cellText(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~]/g, (character) => `\\${character}`);
}
