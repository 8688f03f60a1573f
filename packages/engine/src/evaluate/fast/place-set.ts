/** A set of places as bits, from the first word that has one to the last: classes of one namespace are neighbours. */
export interface PlaceSet {
  /** How many words, of 32 places each, come before the first of `bits`. */
  readonly skipped: number;
  readonly bits: Int32Array;
}

/** The set of these places, each at least once. */
export function placeSetOf(places: Int32Array): PlaceSet {
  let [least, most] = [Infinity, -1];
  for (let index = 0; index < places.length; index++) {
    const place = places[index] as number;
    if (place < least) least = place;
    if (place > most) most = place;
  }
  if (most < 0) return noPlaceSet;
  const skipped = least >> 5;
  const bits = new Int32Array((most >> 5) - skipped + 1);
  for (let index = 0; index < places.length; index++) {
    const place = places[index] as number;
    const word = (place >> 5) - skipped;
    bits[word] = (bits[word] as number) | (1 << (place & 31));
  }
  return { skipped, bits };
}

export function unionOf(a: PlaceSet, b: PlaceSet): PlaceSet {
  const skipped = Math.min(a.skipped, b.skipped);
  const bits = new Int32Array(Math.max(a.skipped + a.bits.length, b.skipped + b.bits.length) - skipped);
  bits.set(a.bits, a.skipped - skipped);
  for (let index = 0; index < b.bits.length; index++) {
    const word = index + b.skipped - skipped;
    bits[word] = (bits[word] as number) | (b.bits[index] as number);
  }
  return { skipped, bits };
}

/** The bits of 32 places, of which the first is 32 times `word`. */
export function wordOf(set: PlaceSet, word: number): number {
  const index = word - set.skipped;
  return index >= 0 && index < set.bits.length ? (set.bits[index] as number) : 0;
}

export function hasPlace(set: PlaceSet, place: number): boolean {
  return (wordOf(set, place >> 5) & (1 << (place & 31))) !== 0;
}

const noPlaceSet: PlaceSet = { skipped: 0, bits: new Int32Array(0) };
