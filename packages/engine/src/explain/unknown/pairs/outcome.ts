/** What may pass between two pods in one way in which things may be: a number for each state. */
export type Outcome = readonly number[];

/** Those that are different. */
export function distinct(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.length === 1 ? outcomes : [...new Map(outcomes.map((outcome) => [outcome.join(), outcome])).values()];
}
