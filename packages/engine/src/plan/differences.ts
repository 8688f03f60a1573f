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
