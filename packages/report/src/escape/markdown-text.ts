import { printable } from "../printable.ts";

/**
 * Text for a line or a table's cell of GitHub-flavoured Markdown, shown as it is: no markup, no HTML, no formula, and no link.
 * Nobody is called by an `@name` in it: an invisible space keeps names and addresses from being that.
 */
export function markdownText(text: string): string {
  return printable(text)
    .replaceAll(/[\\`*_[\]<>|~&$#]/g, (character) => `\\${character}`)
    .replaceAll(/@|:(?=\/\/)|\bwww(?=\.)/gi, (start) => `${start}\u200b`)
    .replace(
      /^(\s*)([-+=]|\d+[.)])/,
      (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`,
    );
}

/** Lines in a block of code that nothing in them can end. */
export function markdownBlock(lines: readonly string[]): string {
  const longest = lines.flatMap((line) => line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, ...lines, fence].join("\n");
}

/** A row of a table; cells are Markdown already. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
