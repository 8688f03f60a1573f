/** One input text and where its lines start. `name` is what a person is shown: a path, or `<stdin>`. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** Where its objects are that name no namespace, as `kubectl apply -n` puts them; `default` where not given. */
  readonly namespace?: string;
}

/** A stretch of an input text, as UTF-16 offsets; `end` is exclusive. Line and column are worked out when asked for. */
export interface SourceRange {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A place a person can jump to; both count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStartsOf(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] as number) + 1 };
}

/** `file:line:column` of where a range starts. */
export function formatRange(range: SourceRange): string {
  const { line, column } = positionAt(range.file, range.start);
  return `${range.file.name}:${line}:${column}`;
}

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

function lineStartsOf(file: SourceFile): readonly number[] {
  const known = lineStarts.get(file);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = file.text.indexOf("\n"); at >= 0; at = file.text.indexOf("\n", at + 1)) starts.push(at + 1);
  lineStarts.set(file, starts);
  return starts;
}
