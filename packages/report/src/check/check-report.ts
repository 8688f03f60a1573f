import type { Diagnostic } from "@podwall/engine";
import { counted } from "../counted.ts";

/** What `podwall check` found, for the formats that other programs read. */
export interface CheckReport {
  readonly diagnostics: readonly Diagnostic[];
  /** The names of the files that were read. */
  readonly files: readonly string[];
  /** What was read and what was not, in a line. */
  readonly coverage: string;
}

/** `2 errors, 1 warning, 3 infos`; `no errors` where nothing was found. */
export function severityCounts(diagnostics: readonly Diagnostic[]): string {
  const parts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const count = diagnostics.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [counted(count, severity)];
  });
  return parts.length === 0 ? "no errors" : parts.join(", ");
}
