import type { SourceRange } from "./source-file.ts";

export type Severity = "error" | "warning" | "info";

/**
 * Something to tell the author of an input. Diagnostics are data: renderers live in the report package.
 * `code` is stable and listed in the catalogue; `help` says what to write instead.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range?: SourceRange;
  readonly help?: string;
  /** Why it matters, the same for every diagnostic of a code; findings have it. */
  readonly why?: string;
  readonly related?: readonly { readonly message: string; readonly range: SourceRange }[];
}
