/** How questions are called. */
export interface QuestionNames {
  /** The name of what asks this. */
  of(key: string): string;
}

/** By what they ask: plans of states that were seen alone can be compared. */
export const longNames: QuestionNames = { of: (key) => key };

/**
 * By short names: an identity lists the questions that are answered with yes, and to make and compare it is most of a plan's work. No two
 * questions have the same name, also not one after the other, nor is one called as in `longNames`.
 */
export class ShortNames implements QuestionNames {
  readonly #names = new Map<string, string>();
  #last: number;

  /** Names go on after `last`: those before may still be in use. */
  constructor(last = 0) {
    this.#last = last;
  }

  /** How many names were given, these and those before. */
  get last(): number {
    return this.#last;
  }

  of(key: string): string {
    let name = this.#names.get(key);
    if (name === undefined) this.#names.set(key, (name = (++this.#last).toString(36)));
    return name;
  }
}
