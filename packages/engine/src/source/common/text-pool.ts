/**
 * Gives equal short texts of a file as one string: most keys, labels and namespaces of a cluster's manifests come
 * again thousands of times. Bounded: a text displaces the one that was in its place.
 */
export class TextPool {
  readonly #texts: string[];
  readonly #mask: number;

  /** `length` of the file, to which the pool's size is fitted. */
  constructor(length: number) {
    let size = smallest;
    while (size < largest && size * 64 < length) size *= 2;
    this.#texts = Array<string>(size).fill("");
    this.#mask = size - 1;
  }

  /** The text between two offsets, whose characters were put into `hash` by `mix`, one after the other from 0. */
  take(text: string, start: number, end: number, hash: number): string {
    const length = end - start;
    if (length > longestPooled) return text.slice(start, end);
    const place = (hash ^ (hash >>> 15)) & this.#mask;
    const pooled = this.#texts[place] as string;
    if (pooled.length === length && isAt(pooled, text, start)) return pooled;
    const taken = text.slice(start, end);
    this.#texts[place] = taken;
    return taken;
  }
}

/** Puts one more character into a hash. */
export function mix(hash: number, character: number): number {
  return (Math.imul(hash, 31) + character) | 0;
}

const smallest = 64;
const largest = 8192;
const longestPooled = 48;

/** A loop: `startsWith` costs several times as much for texts this short. */
function isAt(wanted: string, text: string, start: number): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (wanted.charCodeAt(index) !== text.charCodeAt(start + index)) return false;
  }
  return true;
}
