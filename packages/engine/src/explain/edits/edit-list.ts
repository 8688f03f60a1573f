import type { SourceRange } from "../../source/source-file.ts";
import type { TextEdit } from "./edit.ts";
import { type YamlValue, yamlFlow, yamlLines } from "./write-yaml.ts";

/** An item after this one of a list, in the list's style; undefined where it is written in a way that is not followed. */
export function itemAfter(range: SourceRange, value: YamlValue): TextEdit | undefined {
  const { file } = range;
  const block = blockItem(range);
  if (block !== undefined)
    return { file, start: block.end, end: block.end, text: `\n${blockText(block.indent, value)}` };
  const end = trimmedEnd(range);
  return isFlowItem(range) ? { file, start: end, end, text: `, ${yamlFlow(value)}` } : undefined;
}

/** An item before this one of a list, as `itemAfter`. */
export function itemBefore(range: SourceRange, value: YamlValue): TextEdit | undefined {
  const { file, start } = range;
  const block = blockItem(range);
  if (block !== undefined) {
    return { file, start: block.start, end: block.start, text: `${blockText(block.indent, value)}\n` };
  }
  return isFlowItem(range) ? { file, start, end: start, text: `${yamlFlow(value)}, ` } : undefined;
}

/** A list without this item, as `itemAfter`. */
export function withoutItem(range: SourceRange): TextEdit | undefined {
  const { file, start } = range;
  const { text } = file;
  const block = blockItem(range);
  if (block !== undefined) return { file, start: block.start, end: Math.min(block.end + 1, text.length), text: "" };
  if (!isFlowItem(range)) return undefined;
  const end = trimmedEnd(range);
  const after = /^\s*,\s*/.exec(text.slice(end, end + 1000));
  if (after !== null) return { file, start, end: end + after[0].length, text: "" };
  const before = /,\s*$/.exec(text.slice(Math.max(0, start - 1000), start));
  return { file, start: start - (before?.[0].length ?? 0), end, text: "" };
}

interface BlockItem {
  /** What stands before the dash. */
  readonly indent: string;
  /** Of its first line. */
  readonly start: number;
  /** Of its last line, without the line's end. */
  readonly end: number;
}

/** An item of a list in block style, where it starts a line. */
function blockItem(range: SourceRange): BlockItem | undefined {
  const { text } = range.file;
  const start = text.lastIndexOf("\n", range.start - 1) + 1;
  const [, indent] = /^( *)- +$/.exec(text.slice(start, range.start)) ?? [];
  if (indent === undefined) return undefined;
  const newline = text.indexOf("\n", trimmedEnd(range));
  const end = newline < 0 ? text.length : newline;
  return { indent, start, end: text[end - 1] === "\r" ? end - 1 : end };
}

function blockText(indent: string, value: YamlValue): string {
  return yamlLines([value])
    .map((line) => `${indent}${line}`)
    .join("\n");
}

function isFlowItem({ file, start }: SourceRange): boolean {
  return /[[,]\s*$/.test(file.text.slice(Math.max(0, start - 1000), start));
}

/** Where the last character of a range ends that is no white space. */
function trimmedEnd({ file, start, end }: SourceRange): number {
  return start + file.text.slice(start, end).trimEnd().length;
}
