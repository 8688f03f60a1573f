import type { Result } from "./result.ts";

/** A spec of Ginkgo's JSON report, as far as it is read here. */
export interface GinkgoSpec {
  readonly name: string;
  /** The source file that it is in. */
  readonly file: string;
  readonly result: Omit<Result, "suite" | "name">;
}

/** The specs of Ginkgo's JSON report, those that were left out among them. */
export function readGinkgoReport(text: string): readonly GinkgoSpec[] {
  const reports: unknown = JSON.parse(text);
  return items(reports)
    .flatMap((report) => items(field(report, "SpecReports")))
    .filter((spec) => field(spec, "LeafNodeType") === "It")
    .map((spec) => {
      const containers = items(field(spec, "ContainerHierarchyTexts"));
      return {
        name: [...containers, field(spec, "LeafNodeText")].map(textOf).join(" "),
        file: textOf(field(field(spec, "LeafNodeLocation"), "FileName")),
        result: resultOf(spec),
      };
    });
}

function resultOf(spec: unknown): GinkgoSpec["result"] {
  const state = textOf(field(spec, "State"));
  const seconds = Number(field(spec, "RunTime") ?? 0) / 1e9;
  const message = textOf(field(field(spec, "Failure"), "Message"));
  if (state === "skipped" || state === "pending") {
    return { state: "skipped", seconds, ...(message === "" ? {} : { reason: message }) };
  }
  const startedAtMs = Date.parse(textOf(field(spec, "StartTime")));
  if (state === "passed") return { state, seconds, startedAtMs };
  // Failed, panicked, timed out or interrupted.
  const output = `${message}\n\n${textOf(field(spec, "CapturedGinkgoWriterOutput"))}`;
  return { state: "failed", seconds, startedAtMs, output };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
