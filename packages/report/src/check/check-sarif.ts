import { type Diagnostic, type SourceRange, catalogue, positionAt } from "@podwall/engine";
import { wellFormed } from "../escape/well-formed.ts";
import type { CheckReport } from "./check-report.ts";

/** Where the schema of SARIF 2.1.0 is, as GitHub wants it named. */
const schema = "https://json.schemastore.org/sarif-2.1.0.json";
const levels = { error: "error", warning: "warning", info: "note" } as const;

type Fields = Readonly<Record<string, unknown>>;

/** SARIF 2.1.0 (OASIS), which code scanning reads: the rules that were broken, and where. */
export function checkSarif({ diagnostics }: CheckReport, version: string): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const run = {
    tool: { driver: { name: "podwall", version, semanticVersion: version, rules: codes.map(ruleOf) } },
    columnKind: "utf16CodeUnits",
    invocations: [{ executionSuccessful: true }],
    results: diagnostics.map((diagnostic) => resultOf(diagnostic, codes)),
  };
  return `${JSON.stringify({ $schema: schema, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

function ruleOf(code: string): Fields {
  const entry = Object.hasOwn(catalogue, code) ? catalogue[code as keyof typeof catalogue] : undefined;
  if (entry === undefined) return { id: code };
  return {
    id: code,
    shortDescription: { text: entry.title },
    help: { text: `${entry.title}. See docs/diagnostics/${code}.md of podwall.` },
    defaultConfiguration: { level: levels[entry.severity] },
  };
}

function resultOf({ code, severity, message, help, range, related }: Diagnostic, codes: readonly string[]): Fields {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: help === undefined ? message : `${message}\nHelp: ${help}` },
    ...(range === undefined ? {} : { locations: [{ physicalLocation: physicalLocation(range) }] }),
    ...(related === undefined || related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, id) => ({
            id,
            message: { text: other.message },
            physicalLocation: physicalLocation(other.range),
          })),
        }),
  };
}

/** SARIF's lines and columns count from 1, and the end is exclusive, as ours. */
function physicalLocation({ file, start, end }: SourceRange): Fields {
  const [from, to] = [positionAt(file, start), positionAt(file, Math.max(start, end))];
  const region = { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
  return { artifactLocation: { uri: uriOf(file.name) }, region };
}

/** A file's name as a URI reference (RFC 3986), relative where it is: the reader knows the folder. */
function uriOf(name: string): string {
  const path = wellFormed(name).split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${path}` : path.replace(/^(\.\/)+/, "");
}
