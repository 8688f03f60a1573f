/** A text with some lines indented further, and the way back to where things stand in the original. */
export interface PaddedText {
  readonly text: string;
  /** The original offset of an offset in the padded text. */
  readonly toOriginal: (offset: number) => number;
}

/** The text as it is. */
export function unpadded(text: string): PaddedText {
  return { text, toOriginal: (offset) => offset };
}

/** Puts `width` spaces before each of the lines that start at `lineStarts`, which are in order. */
export function padLines(original: string, lineStarts: readonly number[], width: number): PaddedText {
  const pad = " ".repeat(width);
  const pieces = [0, ...lineStarts].map((start, index) => original.slice(start, lineStarts[index] ?? original.length));
  const toOriginal = (offset: number): number => {
    let shift = 0;
    for (const start of lineStarts) {
      if (start + shift >= offset) break;
      shift = Math.min(shift + width, offset - start);
    }
    return offset - shift;
  };
  return { text: pieces.join(pad), toOriginal };
}
