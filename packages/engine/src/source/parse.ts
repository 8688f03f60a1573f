import { readCommonList } from "./common/read-common-list.ts";
import { readCommonTree } from "./common/read-common-tree.ts";
import { TextPool } from "./common/text-pool.ts";
import { diagnostic } from "./catalogue.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { SourceFile } from "./source-file.ts";
import type { SourceNode } from "./source-node.ts";
import { type DocumentSpan, splitDocuments } from "./split-documents.ts";
import { findSyntaxErrors } from "./syntax-errors.ts";
import { readTree } from "./yaml-tree.ts";

export interface ParsedFile {
  /** The documents that could be read, in order; empty ones are left out. */
  readonly documents: readonly SourceNode[];
  readonly diagnostics: readonly Diagnostic[];
  /** The documents that could not. */
  readonly broken: readonly BrokenDocument[];
}

/** A document that must not be decoded. */
export interface BrokenDocument {
  readonly reason: Diagnostic;
  /** What could still be made out: enough to tell what the document is about, no more. */
  readonly root?: SourceNode;
}

/**
 * Reads a YAML or JSON text of any number of documents, in the dialect Kubernetes reads. Never throws on bad text:
 * a document that is broken is reported and the others are read.
 *
 * @example parse({ name: "a.yaml", text: "kind: Pod" }).documents[0]?.kind // "mapping"
 */
export function parse(file: SourceFile): ParsedFile {
  const found: FoundWrong = { diagnostics: [], broken: [] };
  return { documents: [...documentsOf(file, found, { lists: "whole" })], ...found };
}

/** What is found wrong with the documents of a file while they are read. */
export interface FoundWrong {
  readonly diagnostics: Diagnostic[];
  readonly broken: BrokenDocument[];
}

/**
 * The documents that `parse` gives, one after the other: of a large file only one tree at a time needs memory.
 * What is wrong with a document is added to `found` before the next document is given. In pieces, a large list is
 * given as several lists.
 */
export function* documentsOf(
  file: SourceFile,
  found: FoundWrong,
  { lists }: { readonly lists: "whole" | "in pieces" },
): Generator<SourceNode, void, undefined> {
  const pool = new TextPool(file.text.length);
  for (const span of splitDocuments(file.text)) {
    const isLarge = lists === "in pieces" && span.end - span.start > largeDocument;
    const pieces = isLarge ? readCommonList(file, span, pool) : undefined;
    if (pieces !== undefined) {
      for (const piece of pieces) yield piece;
      continue;
    }
    if (span.end - span.start > largestDocument) {
      const reason = tooLarge(file, span);
      found.diagnostics.push(reason);
      found.broken.push({ reason });
      continue;
    }
    const common = readCommonTree(file, span, pool);
    if (common !== undefined) {
      yield common;
      continue;
    }
    if (found.broken.length >= maxBroken) {
      const reason = tooManyBroken(file, span);
      found.diagnostics.push(reason);
      found.broken.push({ reason });
      return;
    }
    const { problems, root, usable } = readDocument(file, span);
    for (const problem of problems) found.diagnostics.push(problem);
    const [reason] = problems;
    if (!usable && reason !== undefined) found.broken.push({ reason, ...(root === undefined ? {} : { root }) });
    else if (root !== undefined && !isEmpty(root)) yield root;
  }
}

/** From here on a tree takes more memory than all else that reading needs. */
const largeDocument = 1_000_000;

/** To find out what is wrong with a document takes a thousand times as long as to read one. */
const maxBroken = 1_000;

function tooManyBroken(file: SourceFile, { start }: DocumentSpan): Diagnostic {
  const message = `${maxBroken} documents before this one cannot be read; the rest of the file is not read`;
  return diagnostic("PW1008", message, { range: { file, start, end: start }, help: "mend those first" });
}

/** A document's tree may take a hundred bytes and more for each character. */
const largestDocument = 16_000_000;

function tooLarge(file: SourceFile, { start }: DocumentSpan): Diagnostic {
  const range = { file, start, end: start };
  const message = `the document is larger than ${largestDocument / 1_000_000} MB`;
  const help =
    "split it into several; a list of objects may be larger if it is JSON, as `kubectl get -o json` gives it";
  return diagnostic("PW1008", message, { range, help });
}

interface ReadDocument {
  readonly root?: SourceNode;
  readonly problems: readonly Diagnostic[];
  readonly usable: boolean;
}

function readDocument(file: SourceFile, span: DocumentSpan): ReadDocument {
  const result = readTree(file, span);
  if (result.kind === "tree") return { root: result.root, problems: result.diagnostics, usable: !result.unusable };
  const { root, diagnostics } = findSyntaxErrors(file, span, result);
  return { problems: diagnostics, usable: false, ...(root === undefined ? {} : { root }) };
}

/** Kubernetes' tools skip documents that hold nothing. */
function isEmpty(root: SourceNode): boolean {
  return root.kind === "scalar" && root.value === null;
}
