import type { LabelSelector, SelectorRequirement } from "../../model/selector.ts";

/** Labels, by key; a key that is absent is `undefined`. */
export type LabelChoice = ReadonlyMap<string, string | undefined>;

/**
 * Labels that these selectors can tell apart: for each key every value that is asked for, one that is not, and none. All
 * combinations, or where those are more than `most`, what each selector wants by itself and what it refuses.
 */
export function labelChoices(selectors: readonly LabelSelector[], most: number): readonly LabelChoice[] {
  const requirements = selectors.flatMap((selector) => selector.requirements);
  const values = new Map<string, Set<string | undefined>>();
  for (const { key, values: wanted } of requirements) {
    const known = values.get(key) ?? new Set([undefined, otherValue]);
    for (const value of wanted) known.add(value);
    values.set(key, known);
  }
  const count = [...values.values()].reduce((product, { size }) => product * size, 1);
  if (count > most) return selectors.slice(0, most).flatMap((selector) => [satisfying(selector), refusing(selector)]);
  return [...values].reduce<readonly LabelChoice[]>(
    (choices, [key, own]) => choices.flatMap((choice) => [...own].map((value) => new Map([...choice, [key, value]]))),
    [new Map()],
  );
}

/** Labels that a selector selects. */
export function satisfying({ requirements }: LabelSelector): LabelChoice {
  const choice = new Map<string, string | undefined>();
  for (const { key, operator, values } of requirements) {
    if (operator === "In") {
      const others = requirements.filter((other) => other.key === key);
      choice.set(key, values.find((value) => others.every((other) => allowsValue(other, value))) ?? values[0]);
    } else if (operator === "Exists" && !choice.has(key)) choice.set(key, otherValue);
    else if (!choice.has(key)) choice.set(key, undefined);
  }
  return choice;
}

function refusing({ requirements }: LabelSelector): LabelChoice {
  return new Map(
    requirements.map(({ key, operator, values }) => [
      key,
      operator === "NotIn" ? values[0] : operator === "DoesNotExist" ? otherValue : undefined,
    ]),
  );
}

function allowsValue({ operator, values }: SelectorRequirement, value: string): boolean {
  return (
    operator === "Exists" ||
    (operator === "In" && values.includes(value)) ||
    (operator === "NotIn" && !values.includes(value))
  );
}

/** A value that no selector is likely to ask for. */
const otherValue = "podwall-any-other";
