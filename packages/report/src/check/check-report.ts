import type { Diagnostic } from "@podwall/engine";

/** What `podwall check` found, for the formats that other programs read. */
export interface CheckReport {
  readonly diagnostics: readonly Diagnostic[];
  /** The names of the files that were read. */
  readonly files: readonly string[];
  /** What was read and what was not, in a line. */
  readonly coverage: string;
}

/** `2 errors, 1 warning`, or `no errors`. */
export function severityCounts(diagnostics: readonly Diagnostic[]): string {
  const parts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = diagnostics.filter((one) => one.severity === severity).length;
    const noun = severity === "info" ? "remark" : severity;
    return count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : "s"}`];
  });
  return parts.length === 0 ? "no errors" : parts.join(", ");
}
