/** An item as often as said. */
export function times(count: number, item: string): string {
  return numbered(count, () => item);
}

/** As many items as said, by their indices. */
export function numbered(count: number, item: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => item(index)).join(", ");
}

/** A text of this length. */
export function long(length: number): string {
  return "a".repeat(length);
}
