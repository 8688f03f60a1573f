import type { SourceRange } from "../source/source-file.ts";

/** What any object says of itself. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly range: SourceRange;
}
