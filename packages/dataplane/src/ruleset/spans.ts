import type { RuleSet } from "@podwall/engine";
import { type Grants, grantOf } from "./grants.ts";

/** Numbers of identities that follow each other and have the same grant. */
export interface Span {
  readonly first: number;
  readonly last: number;
  readonly grant: number;
}

/** Intervals take a transaction of their own, and each takes nft and the kernel about twice as long as another element. */
export const defaultSparing = 64;

/** The kernel takes each interval in beside those that are there already (Linux `pipapo_insert`): a map stays this small. */
const mostSpans = 256;

/**
 * The spans of the identities that a rule set grants something, in order; none where they spare fewer than `sparing` elements.
 * Numbers are given out once, so a span stays right though some of its identities go: nobody else gets their numbers.
 */
export function spansOf(
  rules: RuleSet,
  grants: Grants,
  ids: ReadonlyMap<string, number>,
  sparing: number,
): readonly Span[] {
  const granted: Span[] = [];
  for (const identity of rules.byIdentity.keys()) {
    const [id, grant] = [ids.get(identity), grantOf(identity, rules, grants)];
    if (id !== undefined && grant !== undefined) granted.push({ first: id, last: id, grant: grant.number });
  }
  granted.sort((a, b) => a.first - b.first);
  const spans: Span[] = [];
  for (const one of granted) {
    const before = spans.at(-1);
    if (before?.last === one.first - 1 && before.grant === one.grant)
      spans[spans.length - 1] = { ...before, last: one.last };
    else spans.push(one);
  }
  const longest = spans
    .filter((span) => lengthOf(span) > 1)
    .sort((a, b) => lengthOf(b) - lengthOf(a))
    .slice(0, mostSpans);
  const spared = longest.reduce((sum, span) => sum + lengthOf(span) - 1, 0);
  return spared < sparing ? [] : longest.sort((a, b) => a.first - b.first);
}

/** Whether a number is in one of some spans, which are in order. */
export function isInSpans(spans: readonly Span[], id: number): boolean {
  let [from, to] = [0, spans.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const { first, last } = spans[middle] as Span;
    if (id < first) to = middle;
    else if (id > last) from = middle + 1;
    else return true;
  }
  return false;
}

function lengthOf({ first, last }: Span): number {
  return last - first + 1;
}
