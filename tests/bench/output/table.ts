/** `1.5`, `1.5 (1.2–3.0)`, `10,000`, `≥ 3.4×`. */
const figure = /^(?:≥ )?[0-9][0-9.,]*×?(?: \(.*\))?$/;

/** A table as text: Markdown, with columns in line so that a terminal shows it as well. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, 3, ...rows.map((row) => row[column]?.length ?? 0)));
  // Words begin where their column does; figures end there, so that they can be compared.
  const isText = head.map((_, column) => !figure.test(rows[0]?.[column] ?? ""));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) =>
      isText[column] === true ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, column) =>
    isText[column] === true ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
