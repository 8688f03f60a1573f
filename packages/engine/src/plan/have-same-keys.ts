/** A set, or a map of which the values do not matter. */
interface Keyed<K> {
  readonly size: number;
  has(key: K): boolean;
  keys(): Iterable<K>;
}

/** Whether two sets hold the same, or two maps something for the same. */
export function haveSameKeys<K>(one: Keyed<K>, other: Keyed<K>): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const key of one.keys()) if (!other.has(key)) return false;
  return true;
}
