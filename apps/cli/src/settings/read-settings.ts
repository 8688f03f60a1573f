import { type Severity, type SourceFile, type SourceNode, catalogue, formatRange, parse } from "@podwall/engine";
import * as v from "valibot";

/** What a severity is set to; `off` leaves the finding out. */
export type SetSeverity = Severity | "off";

/** What `podwall.yaml` says. */
export interface Settings {
  readonly severities: ReadonlyMap<string, SetSeverity>;
}

export type ReadSettings =
  | { readonly kind: "settings"; readonly settings: Settings }
  /** What is wrong, one line each, with file, line and column. */
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** Codes whose severity can be set: what the API server refuses stays an error. */
const codes = Object.entries(catalogue).flatMap(([code, { severity }]) => (severity === "error" ? [] : [code]));

const schema = v.strictObject({
  severities: v.optional(
    v.record(
      v.picklist(codes, "is no code whose severity can be set"),
      v.picklist(["off", "info", "warning", "error"], "must be off, info, warning or error"),
    ),
    {},
  ),
});

/** Reads the text of a `podwall.yaml`. */
export function readSettings(file: SourceFile): ReadSettings {
  const { documents, diagnostics } = parse(file);
  const [document] = documents;
  if (diagnostics.length > 0) {
    return {
      kind: "problems",
      problems: diagnostics.map(
        ({ message, range }) => `${range === undefined ? file.name : formatRange(range)}: ${message}`,
      ),
    };
  }
  const result = v.safeParse(schema, document === undefined ? {} : plain(document));
  if (!result.success) {
    return { kind: "problems", problems: result.issues.map((issue) => problemText(file, document, issue)) };
  }
  return { kind: "settings", settings: { severities: new Map(Object.entries(result.output.severities)) } };
}

/** A tree as plain values. Words that Kubernetes' YAML takes for booleans, such as `off`, are words here. */
function plain(node: SourceNode): unknown {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "boolean" ? node.text : node.value;
    case "sequence":
      return node.items.map(plain);
    case "mapping":
      return Object.fromEntries(
        node.entries.map(({ key, value }) => [key, key === "severities" && isNull(value) ? {} : plain(value)]),
      );
  }
}

function isNull(node: SourceNode): boolean {
  return node.kind === "scalar" && node.value === null;
}

interface Issue {
  readonly message: string;
  readonly path?: readonly { readonly key: unknown; readonly origin?: string }[] | undefined;
}

function problemText(file: SourceFile, document: SourceNode | undefined, { message, path = [] }: Issue): string {
  const keys = path.map(({ key }) => String(key));
  const said = message.startsWith("Invalid key") ? "is no setting; write `severities:`, or rename the file" : message;
  const range = document && rangeAt(document, keys);
  return `${range === undefined ? file.name : formatRange(range)}: ${keys.join(".")}${keys.length > 0 ? ": " : ""}${said}`;
}

/** Where a key is, or as far as the tree goes. */
function rangeAt(node: SourceNode, [key, ...rest]: readonly string[]): SourceNode["range"] {
  if (key === undefined || node.kind !== "mapping") return node.range;
  const entry = node.entries.find((one) => one.key === key);
  if (entry === undefined) return node.range;
  return rest.length === 0 ? entry.keyRange : rangeAt(entry.value, rest);
}
