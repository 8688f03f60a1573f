/** What JSON can hold; mutable, since manifests are made bad step by step. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("there is nothing to pick");
  return item;
}

/** Changes one place of a value: puts another value there, removes it, repeats it, or copies a part to where it does not belong. */
export function mutate(random: () => number, root: Json, values: readonly Json[]): void {
  const places = placesOf(root);
  if (places.length === 0) return;
  const place = pick(random, places);
  const { parent, key } = place;
  const way = random();
  if (way < 0.5) put(place, structuredClone(pick(random, values)));
  else if (way < 0.65) remove(place);
  else if (Array.isArray(parent)) repeat(parent, Number(key), pick(random, [1, 1, 24, 25, 100]));
  else {
    const other = pick(random, places);
    const name = Array.isArray(other.parent) ? "extra" : other.key;
    parent[name] = structuredClone(valueAt(other));
  }
}

/** Where a value is in a list or mapping. */
interface Place {
  readonly parent: Json[] | { [key: string]: Json };
  readonly key: string;
}

function placesOf(value: Json): readonly Place[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, child]) => [{ parent: value, key }, ...placesOf(child)]);
}

function valueAt({ parent, key }: Place): Json {
  return (Array.isArray(parent) ? parent[Number(key)] : parent[key]) ?? null;
}

function put({ parent, key }: Place, value: Json): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}

function remove({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

function repeat(list: Json[], index: number, times: number): void {
  const item = list[index] ?? null;
  for (let i = 0; i < times; i++) list.push(structuredClone(item));
}
