import { xmlText } from "./escape/xml-text.ts";

/** What a suite of JUnit's XML holds. */
export interface JunitCase {
  readonly name: string;
  readonly file: string;
  /** Counts from 1. */
  readonly line?: number | undefined;
  readonly failure?: { readonly type: string; readonly message: string; readonly text: string };
}

export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
  /** What a person may want to know besides. */
  readonly output?: string;
}

/** The XML that JUnit's Ant task writes, which every CI reads. */
export function junitXml(suites: readonly JunitSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="podwall" ${countsOf(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(suiteLines),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteLines({ name, cases, output = "" }: JunitSuite): string[] {
  return [
    `  <testsuite name="${xmlText(name)}" ${countsOf(cases)}>`,
    ...cases.flatMap(caseLines),
    ...(output === "" ? [] : [`    <system-out>${xmlText(output)}</system-out>`]),
    "  </testsuite>",
  ];
}

function caseLines({ name, file, line, failure }: JunitCase): string[] {
  const place = `classname="${xmlText(file)}" file="${xmlText(file)}"${line === undefined ? "" : ` line="${line}"`}`;
  const open = `    <testcase name="${xmlText(name)}" ${place}`;
  if (failure === undefined) return [`${open}/>`];
  const { type, message, text } = failure;
  return [
    `${open}>`,
    `      <failure type="${xmlText(type)}" message="${xmlText(message)}">${xmlText(text)}</failure>`,
    "    </testcase>",
  ];
}

function countsOf(cases: readonly JunitCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
}
