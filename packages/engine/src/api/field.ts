import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceRange } from "../source/source-file.ts";
import type { SourceNode } from "../source/source-node.ts";

/** One field of an object that is being decoded: what is written there, where, and its path as the API server says it. */
export interface Field {
  /** Such as `spec.ingress[0].ports`; empty for the whole object. */
  readonly path: string;
  /** Undefined when the field is absent or null, which the API does not tell apart. */
  readonly node: SourceNode | undefined;
  /** Where to point when something is wrong: the value, else the key, else what the field is missing from. */
  readonly range: SourceRange;
  /** What was found wrong with the object so far; readers add to it. */
  readonly problems: Diagnostic[];
}
