import type { SourceRange } from "./source-file.ts";

/** A YAML or JSON value that knows where it was written. */
export type SourceNode = ScalarNode | MappingNode | SequenceNode;

/** A scalar after resolution by Kubernetes' YAML dialect; `text` is how it was written, without quotes. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly text: string;
  readonly range: SourceRange;
}

export interface MappingNode {
  readonly kind: "mapping";
  /** In the order written. Keys are unique: a repeated key is a diagnostic and the last one wins. */
  readonly entries: readonly MappingEntry[];
  readonly range: SourceRange;
}

export interface MappingEntry {
  readonly key: string;
  readonly keyRange: SourceRange;
  readonly value: SourceNode;
}

export interface SequenceNode {
  readonly kind: "sequence";
  readonly items: readonly SourceNode[];
  readonly range: SourceRange;
}
