import { type TurningEdits, positionAt } from "@podwall/engine";

/** Edits that turn an answer, the smallest first; `replaces` is from `start` to before `end`. */
export function jsonEdits(candidates: readonly TurningEdits[]): readonly Readonly<Record<string, unknown>>[] {
  return candidates.map(({ edits, effect }) => ({
    effect,
    edits: edits.map(({ kind, summary, changes, added }) => ({
      kind,
      summary,
      changes: changes.map(({ file, start, end, text }) => ({
        file: file.name,
        start: positionAt(file, start),
        end: positionAt(file, end),
        replaces: file.text.slice(start, end),
        text,
      })),
      added,
    })),
  }));
}
