import type { IgnoreNote } from "../../api/ignore-note.ts";
import { nearest } from "../../api/nearest.ts";
import { catalogue, diagnostic } from "../../source/catalogue.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { SourceFile, SourceRange } from "../../source/source-file.ts";
import { type Suppression, commentSuppressions, readSuppression } from "./suppression.ts";

/** Where suppressions may stand: in comments of these texts, and in annotations of their objects. */
export interface SuppressionSources {
  readonly files: readonly SourceFile[];
  readonly notes: readonly IgnoreNote[];
}

/**
 * Leaves out what authors say is not wanted, by `# podwall-ignore CODE: reason` or by an annotation. Errors stay. A
 * suppression without a reason is said, and so is one that has nothing to suppress.
 */
export function suppress(
  diagnostics: readonly Diagnostic[],
  { files, notes }: SuppressionSources,
): readonly Diagnostic[] {
  const suppressions = [...files.flatMap(commentSuppressions), ...notes.flatMap(noteSuppressions)];
  if (suppressions.length === 0) return diagnostics;
  const used = new Map<Suppression, Set<string>>(suppressions.map((suppression) => [suppression, new Set()]));
  const kept = diagnostics.filter((one) => {
    const by = suppressions.filter((suppression) => isAbout(suppression, one));
    for (const suppression of by) used.get(suppression)?.add(one.code);
    return by.length === 0;
  });
  return [...kept, ...suppressions.flatMap((suppression) => [...problemsOf(suppression, used.get(suppression))])];
}

function noteSuppressions({ text, range, about }: IgnoreNote): readonly Suppression[] {
  return text
    .split(/[\n;]/)
    .filter((line) => line.trim() !== "")
    .map((line) => ({ ...readSuppression(line), range, about }));
}

function isAbout({ codes, about }: Suppression, { code, severity, range }: Diagnostic): boolean {
  return severity !== "error" && codes.includes(code) && range !== undefined && isIn(about, range);
}

function isIn(outer: SourceRange, inner: SourceRange): boolean {
  return (
    outer.file.name === inner.file.name &&
    outer.start <= inner.start &&
    inner.start < Math.max(outer.end, outer.start + 1)
  );
}

function* problemsOf(
  { codes, reason, range }: Suppression,
  used: ReadonlySet<string> | undefined,
): Iterable<Diagnostic> {
  if (codes.length === 0) {
    const help = "write `# podwall-ignore PW3019: the shop is for everybody`";
    yield diagnostic("PW3032", "podwall-ignore names no code, so it ignores nothing", { range, help });
    return;
  }
  if (reason === "") {
    const help = `write why after a colon: \`podwall-ignore ${codes.join(" ")}: because …\``;
    yield diagnostic("PW3031", `${codes.join(", ")} is ignored without a reason`, { range, help });
  }
  for (const code of codes) {
    if (used?.has(code)) continue;
    const meant = Object.hasOwn(catalogue, code) ? undefined : nearest(code, Object.keys(catalogue));
    const isKnown = Object.hasOwn(catalogue, code);
    yield diagnostic("PW3032", isKnown ? `there is no ${code} here to ignore` : `${code} is no code`, {
      range,
      help: isKnown
        ? "remove the comment or annotation, or put it right before what it is about"
        : meant === undefined
          ? "codes are such as PW3019"
          : `did you mean ${meant}?`,
    });
  }
}
