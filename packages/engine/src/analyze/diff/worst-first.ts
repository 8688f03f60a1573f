import { isEmpty } from "../../net/connection-set.ts";
import type { DiffBlock, DiffEnd, DiffScope } from "./cluster-diff.ts";

const scopes: readonly DiffScope[] = ["from-outside", "to-outside", "across-namespaces", "within-namespace"];

/** What opens before what may open, and that before what closes; from outside first, then to outside, across and within namespaces; wider first. */
export function worstFirst(blocks: readonly DiffBlock[]): readonly DiffBlock[] {
  return blocks
    .map((block) => ({ block, order: orderOf(block) }))
    .sort((a, b) => compareOrders(a.order, b.order))
    .map(({ block }) => block);
}

function orderOf(block: DiffBlock): readonly number[] {
  const width = [...block.sources, ...block.destinations].reduce((sum, end) => sum + addressesOf(end), 0);
  return [urgencyOf(block), scopes.indexOf(block.scope), -width, -block.pairs];
}

/** What opens, what may open, and the rest. */
function urgencyOf({ opened, unknown }: DiffBlock): number {
  if (!isEmpty(opened)) return 0;
  return unknown === undefined || isEmpty(unknown.opened) ? 2 : 1;
}

/** How many addresses an end is, roughly, relative to all of a family. */
function addressesOf(end: DiffEnd): number {
  if (end.kind !== "addresses") return 0;
  return end.intervals.reduce((sum, { first, last }) => {
    const [from, to] = first.family === 4 ? [first.words[3], last.words[3]] : [first.words[0], last.words[0]];
    return sum + (to - from + (first.family === 4 ? 1 : 0)) / 2 ** 32;
  }, 0);
}

function compareOrders(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] as number) - (b[index] as number);
}
