/** What is in one collection and not in another. */
export interface Differences<T> {
  readonly gone: readonly T[];
  readonly came: readonly T[];
}

/** Compares by identity. Where little differs it takes one look-up an item. */
export function differences<T>(before: ReadonlySet<T>, after: readonly T[]): Differences<T> {
  const came = after.filter((item) => !before.has(item));
  if (before.size === after.length - came.length) return { gone: [], came };
  const there = new Set(after);
  return { gone: [...before].filter((item) => !there.has(item)), came };
}

/** So far ahead it is looked for where two lists agree again. */
const furthest = 16;

/**
 * Compares two lists of distinct items by identity. Where they mostly agree in order, as what a map held before a few changes and
 * after them, it takes one comparison an item, and nothing of the lists' length is made.
 */
export function listDifferences<T>(before: readonly T[], after: readonly T[]): Differences<T> {
  const gone = new Set<T>();
  const came = new Set<T>();
  for (let at = agreedUntil(before, after, { before: 0, after: 0 }); !isEnd(before, after, at); ) {
    const next = agreeAgain(before, after, at);
    for (const item of before.slice(at.before, next.before)) gone.add(item);
    for (const item of after.slice(at.after, next.after)) came.add(item);
    at = agreedUntil(before, after, next);
  }
  // What is elsewhere in the list now is in both.
  return { gone: [...gone].filter((item) => !came.has(item)), came: [...came].filter((item) => !gone.has(item)) };
}

interface Position {
  readonly before: number;
  readonly after: number;
}

/** How far two lists agree from there on. Most of ten thousand items do, at every event: a plain loop takes a tenth of the time. */
function agreedUntil<T>(before: readonly T[], after: readonly T[], at: Position): Position {
  const most = Math.min(before.length - at.before, after.length - at.after);
  let count = 0;
  while (count < most && before[at.before + count] === after[at.after + count]) count++;
  return { before: at.before + count, after: at.after + count };
}

function isEnd(before: readonly unknown[], after: readonly unknown[], at: Position): boolean {
  return at.before === before.length && at.after === after.length;
}

/** Where two lists that differ agree again, after an item or a few; their ends where that is not found. */
function agreeAgain<T>(before: readonly T[], after: readonly T[], at: Position): Position {
  for (let ahead = 1; ahead <= furthest; ahead++) {
    for (const [skipped, added] of [
      [ahead, ahead],
      [ahead, 0],
      [0, ahead],
    ] as const) {
      const next = { before: at.before + skipped, after: at.after + added };
      if (next.before >= before.length || next.after >= after.length) continue;
      if (before[next.before] === after[next.after]) return next;
    }
  }
  return { before: before.length, after: after.length };
}
