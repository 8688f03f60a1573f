import { type Diagnostic, positionAt } from "@podwall/engine";
import { diagnosticText } from "../diagnostics-text.ts";
import { type JunitCase, type JunitSuite, junitXml } from "../junit.ts";
import { printable } from "../printable.ts";
import { plainStyle } from "../style.ts";
import type { CheckReport } from "./check-report.ts";

/**
 * A suite for each file. Each error in it is a case that failed; a file without errors is one case that passed. Warnings and
 * remarks are the suite's output. What is about no file has a suite of its own.
 */
export function checkJunit({ diagnostics, files }: CheckReport): string {
  const byFile = new Map<string, Diagnostic[]>(files.map((name) => [name, []]));
  for (const diagnostic of diagnostics) {
    const name = diagnostic.range?.file.name ?? "podwall check";
    const own = byFile.get(name);
    if (own === undefined) byFile.set(name, [diagnostic]);
    else own.push(diagnostic);
  }
  return junitXml([...byFile].map(([name, own]) => suiteOf(name, own)));
}

function suiteOf(name: string, diagnostics: readonly Diagnostic[]): JunitSuite {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const others = diagnostics.filter(({ severity }) => severity !== "error");
  const passed = { name: "podwall check", file: name };
  return {
    name,
    cases: errors.length === 0 ? [passed] : errors.map((error) => failedCase(name, error)),
    output: others.map((other) => diagnosticText(other, plainStyle)).join("\n"),
  };
}

function failedCase(file: string, diagnostic: Diagnostic): JunitCase {
  const { code, severity, message, range } = diagnostic;
  return {
    name: printable(`${code} ${message}`),
    file,
    line: range && positionAt(range.file, range.start).line,
    failure: { type: severity, message: printable(message), text: diagnosticText(diagnostic, plainStyle) },
  };
}
