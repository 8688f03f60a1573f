import { type Diagnostic, type Endpoint, type SourceRange, formatAddress, podKey, positionAt } from "@podwall/engine";

/** The version of podwall's JSON outputs. */
export const apiVersion = "podwall.dev/v1";

/** A JSON output: what it is, and the fields of that kind. */
export function jsonOutput(kind: string, fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ apiVersion, kind, ...fields }, null, 2)}\n`;
}

/** A place in an input. */
export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function jsonPlace(range: SourceRange | undefined): JsonPlace | undefined {
  return range === undefined ? undefined : { file: range.file.name, ...positionAt(range.file, range.start) };
}

export function jsonDiagnostic(diagnostic: Diagnostic): Readonly<Record<string, unknown>> {
  const { code, severity, message, range, help, why, related } = diagnostic;
  return {
    code,
    severity,
    message,
    place: jsonPlace(range),
    end: range === undefined ? undefined : positionAt(range.file, range.end),
    help,
    why,
    related: related?.map((other) => ({ message: other.message, place: jsonPlace(other.range) })),
  };
}

/** `{ pod }` with its address where that is known and not only taken to be so, or `{ address }`. */
export function jsonEndpoint(endpoint: Endpoint): Readonly<Record<string, unknown>> {
  const isKnown = endpoint.kind === "address" || endpoint.pod.addresses.length > 0;
  const address = endpoint.address === undefined || !isKnown ? undefined : formatAddress(endpoint.address);
  return endpoint.kind === "pod" ? { pod: podKey(endpoint.pod), address } : { address };
}
