import { type Document, isScalar, parseDocument, visit } from "yaml";
import { diagnostic } from "./catalogue.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { recoveredTree } from "./recovered-tree.ts";
import { positionAt, type SourceFile } from "./source-file.ts";
import type { SourceNode } from "./source-node.ts";
import type { DocumentSpan } from "./split-documents.ts";
import { explainSyntaxError } from "./explain-syntax-error.ts";
import type { SyntaxError } from "./syntax-error.ts";

/** What is wrong with a document whose syntax is not YAML's, and what could still be made out of it. */
export interface SyntaxErrors {
  readonly diagnostics: readonly Diagnostic[];
  readonly root?: SourceNode;
}

/** Past this the slower recovering parser is not asked and the first error is all that is said. */
const maxRecoveredLength = 1_000_000;
/** One mistake often makes every later line an error. */
const maxReported = 10;

/**
 * Reads a document that the fast parser gave up on once more with the `yaml` package, which goes on after an error.
 * `first` is what the fast parser said, used where the other finds nothing wrong.
 */
export function findSyntaxErrors(
  file: SourceFile,
  span: DocumentSpan,
  first: { readonly offset: number; readonly reason: string },
): SyntaxErrors {
  const range = { file, start: first.offset, end: Math.min(first.offset + 1, file.text.length) };
  if (first.reason.startsWith("nesting exceeded")) {
    const help = "take out levels of nesting: no Kubernetes object needs as many";
    return { diagnostics: [diagnostic("PW1008", "the document is nested too deeply", { range, help })] };
  }
  const document = recover(file.text.slice(span.start, span.end));
  const errors = document === undefined ? [] : distinctErrors(file, span, document);
  const root = document && recoveredTree(file, span.start, document.contents);
  const unknown: SyntaxError = { code: "UNKNOWN", message: first.reason, range };
  const diagnostics = (errors.length > 0 ? errors : [unknown]).map(explainSyntaxError);
  // A template's other lines are no YAML either, but that is no news.
  const templates = diagnostics.filter(({ code }) => code === "PW1009");
  return {
    diagnostics: templates.length > 0 ? templates : diagnostics,
    ...(root === undefined ? {} : { root }),
  };
}

function recover(text: string): Document.Parsed | undefined {
  if (text.length > maxRecoveredLength) return undefined;
  try {
    return parseDocument(text, { version: "1.1", prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
  } catch (error) {
    // Hostile nesting exhausts its stack; the fast parser's error is still there.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function distinctErrors(file: SourceFile, span: DocumentSpan, document: Document.Parsed): readonly SyntaxError[] {
  const byLine = new Map<number, SyntaxError>();
  for (const { code, message, pos } of document.errors) {
    // Follows an earlier error: the parser gave up on the tree and lists what is left.
    if (/ in YAML (stream|document)/.test(message) && byLine.size > 0) continue;
    const opening = message.startsWith("Missing closing") ? openQuote(document, pos[0]) : undefined;
    const [start, end] = opening ?? pos;
    const range = { file, start: span.start + start, end: span.start + Math.max(end, start + 1) };
    const { line } = positionAt(file, range.start);
    if (!byLine.has(line)) byLine.set(line, { code, message, range });
    if (byLine.size === maxReported) break;
  }
  return [...byLine.values()];
}

/** Where the quote that is open at an offset starts: that is where the author has to look. */
function openQuote(document: Document.Parsed, offset: number): [number, number] | undefined {
  let found: [number, number] | undefined;
  visit(document, (_, node) => {
    if (!isScalar(node) || !node.type?.startsWith("QUOTE") || !node.range) return;
    if (node.range[0] < offset && offset <= node.range[1]) found = [node.range[0], node.range[0] + 1];
  });
  return found;
}
