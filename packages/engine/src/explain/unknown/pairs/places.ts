/** Places of which several may give the same answers. */
export interface Places {
  readonly all: readonly number[];
  /** For each, the first that gives the same. */
  readonly same: readonly number[];
  /** The first of each that give the same. */
  readonly distinct: readonly number[];
  /** One text for equal lists of which gives the same as which. */
  readonly text: string;
}

/** Sorts places by what they answer, as one text. */
export function placesOf(all: readonly number[], answersAt: (place: number, index: number) => string): Places {
  const first = new Map<string, number>();
  const same = all.map((place, index) => {
    const answers = answersAt(place, index);
    const known = first.get(answers);
    if (known === undefined) first.set(answers, place);
    return known ?? place;
  });
  return { all, same, distinct: [...first.values()], text: same.join() };
}

/** The same places, told apart by any of these. */
export function toldApart(some: readonly Places[]): Places {
  const [first, ...others] = some;
  if (first === undefined) return onlyFirst;
  const isOne = others.every(({ text }) => text === first.text);
  return isOne ? first : placesOf(first.all, (_, index) => some.map(({ same }) => same[index]).join());
}

/** What is as it is given has the first place. */
export const onlyFirst: Places = { all: [0], same: [0], distinct: [0], text: "" };
