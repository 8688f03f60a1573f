import type { YAMLParseError } from "yaml";
import type { SourceRange } from "./source-file.ts";

/** An error of the recovering parser, placed in the file. */
export interface SyntaxError {
  readonly code: YAMLParseError["code"] | "UNKNOWN";
  readonly message: string;
  readonly range: SourceRange;
}
