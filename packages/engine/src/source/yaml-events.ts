import { CHOMPING_MODE, EVENT_ID, type Event, SCALAR_STYLE, YAMLException, getScalarValue, parseEvents } from "js-yaml";
import { type PaddedText, padLines, unpadded } from "./padded-text.ts";

// js-yaml's event interface is new and has renamed things before, so this file alone names the package.
export { EVENT_ID, SCALAR_STYLE, getScalarValue } from "js-yaml";
export type { Event, ScalarEvent } from "js-yaml";

export type EventsResult =
  | {
      readonly kind: "events";
      readonly events: readonly Event[];
      /** What the events' offsets are offsets in. */
      readonly source: PaddedText;
    }
  | SyntaxFailure;

export interface SyntaxFailure {
  readonly kind: "syntax-error";
  readonly offset: number;
  readonly reason: string;
}

/**
 * Reads the events of one document. Inside brackets and quotes Kubernetes' library does not care about indentation,
 * so that a closing bracket may stand in its key's column; YAML and js-yaml do. Lines that are refused for that are
 * indented and tried again. A tab before a bracket, or after it, js-yaml takes for indentation: it becomes a space.
 */
export function readEvents(text: string, maxDepth: number): EventsResult {
  const version = otherVersion(text);
  if (version !== undefined) return version;
  let original = text;
  const lineStarts: number[] = [];
  let width = 0;
  let source = unpadded(original);
  let first: SyntaxFailure | undefined;
  // One line a try, so the work is bounded by a multiple of the text.
  let budget = 50 * original.length + 200_000;
  for (;;) {
    try {
      return { kind: "events", events: parseEvents(source.text, { maxDepth }), source };
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const offset = source.toOriginal(error.mark?.position ?? 0);
      first ??= { kind: "syntax-error", offset, reason: error.reason };
      const lineStart = Math.max(original.lastIndexOf("\n", offset - 1), original.lastIndexOf("\r", offset - 1)) + 1;
      budget -= source.text.length;
      if (error.reason !== "deficient indentation" || budget < 0) return first;
      const spaced = withoutTabs(original, lineStart, offset);
      if (spaced !== undefined) {
        original = spaced;
        source = lineStarts.length === 0 ? unpadded(original) : padLines(original, lineStarts, width);
        continue;
      }
      if (lineStarts.includes(lineStart)) return first;
      lineStarts.push(lineStart);
      width ||= Math.min(longestLine(original), maxPadding);
      source = padLines(original, lineStarts, width);
    }
  }
}

/** Kubernetes' library reads YAML 1.1 alone, and refuses a document that says it is of another version. */
function otherVersion(text: string): SyntaxFailure | undefined {
  if (!text.includes("%YAML")) return undefined;
  const directive = /^(?:(?:[ \t]*(?:#.*)?|%.*)(?:\r\n?|\n))*?%YAML[ \t]+(?!1\.1(?:\s|$))/.exec(text);
  if (directive === null) return undefined;
  const offset = directive[0].lastIndexOf("%YAML");
  return { kind: "syntax-error", offset, reason: "the document is not of YAML 1.1, the version Kubernetes reads" };
}

/** The text with spaces for the tabs that separate what stands before an offset from the rest of its line. */
function withoutTabs(text: string, lineStart: number, offset: number): string | undefined {
  const gap = /[:,[\]{}][ \t]*\t[ \t]*(?:[!&]\S*[ \t]+)*[[\]{},]?$/.exec(text.slice(lineStart, offset));
  if (gap === null) return undefined;
  return text.slice(0, lineStart + gap.index) + gap[0].replaceAll("\t", " ") + text.slice(offset);
}

/** Deeper than any key in a manifest. */
const maxPadding = 1000;

function longestLine(text: string): number {
  return text.split("\n").reduce((longest, line) => Math.max(longest, line.length), 0);
}

/** How the value of a block scalar is made from its lines: `|` or `>`, then how much of the last line breaks is kept. */
export interface BlockScalarForm {
  readonly chomping: "CLIP" | "STRIP" | "KEEP";
  readonly indent: number;
}

/** What the text of a scalar stands for, whose quotes or header are left out, as if an event told where it is. */
export function scalarText(
  text: string,
  start: number,
  end: number,
  style: keyof typeof SCALAR_STYLE,
  { chomping, indent }: BlockScalarForm = { chomping: "CLIP", indent: -1 },
): string {
  return getScalarValue(text, {
    type: EVENT_ID.SCALAR,
    valueStart: start,
    valueEnd: end,
    anchorStart: -1,
    anchorEnd: -1,
    tagStart: -1,
    tagEnd: -1,
    style: SCALAR_STYLE[style],
    chomping: CHOMPING_MODE[chomping],
    indent,
    fast: false,
  });
}
