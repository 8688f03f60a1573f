/** The first of each sort; things are of one sort where what is said of them is the same. */
export function oneOfEachSort<Thing>(things: Iterable<Thing>, sortOf: (thing: Thing) => unknown): readonly Thing[] {
  const sorts = new Map<string, Thing>();
  for (const thing of things) {
    const sort = JSON.stringify(sortOf(thing));
    if (!sorts.has(sort)) sorts.set(sort, thing);
  }
  return [...sorts.values()];
}
