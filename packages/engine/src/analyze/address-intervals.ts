import {
  type Address,
  compareAddresses,
  firstAddress,
  lastAddress,
  nextAddress,
  previousAddress,
} from "../net/address.ts";
import { type Cidr, cidrOf, formatCidr } from "../net/cidr.ts";
import type { AddressInterval } from "../rules/predicate.ts";

/** Intervals that are in order, joined where they touch. */
export function joinIntervals(intervals: readonly AddressInterval[]): readonly AddressInterval[] {
  const joined: { first: Address; last: Address }[] = [];
  for (const { first, last } of intervals) {
    const previous = joined.at(-1);
    const next = previous && nextAddress(previous.last);
    if (previous !== undefined && next !== undefined && compareAddresses(next, first) === 0) previous.last = last;
    else joined.push({ first, last });
  }
  return joined;
}

/** What a family has beside these intervals, which are in order and do not touch. */
export function otherIntervals(family: 4 | 6, intervals: readonly AddressInterval[]): readonly AddressInterval[] {
  const others: AddressInterval[] = [];
  let start: Address | undefined = firstAddress(family);
  for (const { first, last } of intervals) {
    if (first.family !== family || start === undefined) continue;
    const end = previousAddress(first);
    if (end !== undefined && compareAddresses(start, end) <= 0) others.push({ first: start, last: end });
    start = nextAddress(last);
  }
  if (start !== undefined) others.push({ first: start, last: lastAddress(family) });
  return others;
}

/** The fewest blocks that are an interval together. */
export function cidrsOf({ first, last }: AddressInterval): readonly Cidr[] {
  const blocks: Cidr[] = [];
  let start: Address | undefined = first;
  while (start !== undefined && compareAddresses(start, last) <= 0) {
    const block = widestFrom(start, last);
    blocks.push(block);
    start = nextAddress(block.last);
  }
  return blocks;
}

/** The widest block that starts at an address and ends at another at most. */
function widestFrom(start: Address, last: Address): Cidr {
  const width = start.family === 4 ? 32 : 128;
  let block = cidrOf(start, width);
  for (let prefix = width - 1; prefix >= 0; prefix--) {
    const wider = cidrOf(start, prefix);
    if (compareAddresses(wider.first, start) !== 0 || compareAddresses(wider.last, last) > 0) break;
    block = wider;
  }
  return block;
}

/**
 * `every address`, `10.0.0.0/8, 192.0.2.0/24`, or `0.0.0.0/0 except 10.0.0.0/8`, whichever of the last two is shorter for
 * a family. Intervals are in order and do not touch.
 */
export function formatIntervals(intervals: readonly AddressInterval[]): string {
  const parts = ([4, 6] as const).map((family) => {
    const own = intervals.filter(({ first }) => first.family === family);
    const inside = own.flatMap(cidrsOf).map(formatCidr);
    if (inside.length < 2) return inside.join(", ");
    const outside = otherIntervals(family, own).flatMap(cidrsOf).map(formatCidr);
    const everything = formatCidr(cidrOf(firstAddress(family), 0));
    return outside.length < inside.length ? `${everything} except ${outside.join(", ")}` : inside.join(", ");
  });
  const text = parts.filter((part) => part !== "").join("; ");
  return text === "0.0.0.0/0; ::/0" ? "every address" : text === "" ? "no address" : text;
}

/** Intervals, in order, without another. */
export function withoutInterval(
  intervals: readonly AddressInterval[],
  hole: AddressInterval,
): readonly AddressInterval[] {
  return intervals.flatMap(({ first, last }) => {
    if (compareAddresses(last, hole.first) < 0 || compareAddresses(hole.last, first) < 0) return [{ first, last }];
    const [end, start] = [previousAddress(hole.first), nextAddress(hole.last)];
    const isLeft = end !== undefined && compareAddresses(first, hole.first) < 0;
    const isRight = start !== undefined && compareAddresses(hole.last, last) < 0;
    return [...(isLeft ? [{ first, last: end }] : []), ...(isRight ? [{ first: start, last }] : [])];
  });
}

/** Whether an address is in one of the intervals. */
export function hasAddress(intervals: readonly AddressInterval[], address: Address): boolean {
  return intervals.some(
    ({ first, last }) => compareAddresses(first, address) <= 0 && compareAddresses(address, last) <= 0,
  );
}
