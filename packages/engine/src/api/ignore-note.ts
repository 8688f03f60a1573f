import type { SourceRange } from "../source/source-file.ts";
import type { Field } from "./field.ts";
import { child, descendant } from "./read-field.ts";

/** Names findings that are not wanted, with the reason: `PW3019: the shop is for everybody`, one a line. */
export const ignoreAnnotation = "podwall.dev/ignore";

/** An object's annotation `podwall.dev/ignore`. */
export interface IgnoreNote {
  readonly text: string;
  /** Where the annotation is. */
  readonly range: SourceRange;
  /** The object that it is of. */
  readonly about: SourceRange;
}

/** The annotation of an object that names findings; undefined where there is none. */
export function readIgnoreNote(root: Field): IgnoreNote | undefined {
  const { node, range } = child(descendant(root, "metadata", "annotations"), ignoreAnnotation);
  return node?.kind === "scalar" ? { text: node.text, range, about: root.range } : undefined;
}
