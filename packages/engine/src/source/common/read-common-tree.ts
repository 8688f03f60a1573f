import type { SourceFile } from "../source-file.ts";
import type { SourceNode } from "../source-node.ts";
import type { DocumentSpan } from "../split-documents.ts";
import { readBlock } from "./common-block.ts";
import { isFlowAt, readFlow } from "./common-flow.ts";
import { type Cursor, type ItemPlaces, boundPart, isBlankAt, nextLine, toContent } from "./cursor.ts";
import type { TextPool } from "./text-pool.ts";

/**
 * Reads a document of the form that nearly all manifests have, several times faster than a parser of all of YAML:
 * block mappings with words as keys, lists, scalars of one line, block scalars, and brackets as in JSON. Anything
 * else, everything wrong, and whatever means something that has to be reported gives undefined: then the whole
 * document is for `readTree`. A tree that is given is the one that `readTree` gives, with nothing to report.
 */
export function readCommonTree(file: SourceFile, span: DocumentSpan, pool: TextPool): SourceNode | undefined {
  return readDocument(cursorAt(file, span, pool));
}

/** A cursor at the start of a document. */
export function cursorAt(file: SourceFile, span: DocumentSpan, pool: TextPool, places?: ItemPlaces): Cursor {
  const { start: at, end } = span;
  return { file, text: file.text, pool, end, at, indent: 0, tokenEnd: at, depth: 0, places };
}

/** The root of a document whose start the cursor is at. */
export function readDocument(cursor: Cursor): SourceNode | undefined {
  const { end } = cursor;
  boundPart(cursor);
  if (!toContent(cursor)) return undefined;
  if (isMarkerAt(cursor)) {
    cursor.at += marker.length;
    if (!nextLine(cursor)) return undefined;
  }
  if (cursor.indent !== 0) return undefined;
  const root = isFlowAt(cursor) ? readFlowRoot(cursor) : readBlock(cursor, 0);
  return cursor.at === end ? root : undefined;
}

function readFlowRoot(cursor: Cursor): SourceNode | undefined {
  const root = readFlow(cursor, 0);
  return root !== undefined && nextLine(cursor) ? root : undefined;
}

function isMarkerAt(cursor: Cursor): boolean {
  const { text, at, indent } = cursor;
  return indent === 0 && text.startsWith(marker, at) && isBlankAt(cursor, at + marker.length);
}

const marker = "---";
