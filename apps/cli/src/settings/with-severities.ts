import type { Diagnostic, SourceFile } from "@podwall/engine";
import type { Settings } from "./read-settings.ts";

/** Diagnostics with the severities that are set for their files; those that are off are left out, errors stay errors. */
export function withSeverities(
  diagnostics: readonly Diagnostic[],
  settingsOf: (file: SourceFile) => Settings,
): readonly Diagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const { range, code, severity } = diagnostic;
    const set = range === undefined ? undefined : settingsOf(range.file).severities.get(code);
    if (set === undefined || severity === "error") return [diagnostic];
    return set === "off" ? [] : [{ ...diagnostic, severity: set }];
  });
}
