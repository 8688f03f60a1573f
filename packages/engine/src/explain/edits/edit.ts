import type { SourceFile } from "../../source/source-file.ts";

/** Replaces a stretch of a text; `start` and `end` are UTF-16 offsets of the text as it was read. */
export interface TextEdit {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an edit does, the likeliest meant first. */
export type EditKind =
  | "correct-selector"
  | "correct-port"
  | "add-port"
  | "add-peer"
  | "add-label"
  | "add-rule"
  | "remove-peer"
  | "remove-rule"
  | "add-policy";

/** A change of manifests; that it turns an answer was tried, by reading the changed text and judging again. */
export interface Edit {
  readonly kind: EditKind;
  /** What it does, as a clause: `add a peer to shop/cart spec.ingress[0]`. */
  readonly summary: string;
  readonly changes: readonly TextEdit[];
  /** A document to add to the manifests. */
  readonly added?: string;
}

/** What an edit does beside turning the answer; pairs are of ends of a map, where addresses that are alike are one. */
export interface EditEffect {
  /** Other pairs that may exchange something more. */
  readonly opened: number;
  readonly closed: number;
}

/** Edits that turn an answer together: one, or one for each end. */
export interface TurningEdits {
  readonly edits: readonly Edit[];
  /** Absent where the cluster is too large to work it out for every candidate. */
  readonly effect?: EditEffect;
}
