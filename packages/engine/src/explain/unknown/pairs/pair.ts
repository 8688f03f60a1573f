import type { Via } from "../../../evaluate/fast/pod-class.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { KnownEnd } from "./known-end.ts";

/** What is asked of two ends. */
export interface Pair {
  readonly source: KnownEnd;
  readonly destination: KnownEnd;
  readonly via: Via;
}

/** One side of a pair, and in which states both ends are there. */
export interface Side {
  readonly subject: KnownEnd;
  readonly direction: Direction;
  readonly isThere: (state: number) => boolean;
}

export function sideOf({ source, destination }: Pair, direction: Direction): Side {
  const isThere = (state: number): boolean =>
    source.states[state] !== undefined && destination.states[state] !== undefined;
  return { subject: direction === "egress" ? source : destination, direction, isThere };
}

/** Whether something of one of two ends itself is not known. */
export function isLooseItself(source: KnownEnd, destination: KnownEnd): boolean {
  return [source, destination].some(({ onlyNamed, hasNoAddress }) => onlyNamed !== undefined || hasNoAddress);
}

/** Whether two ends are of one namespace of which only the name is known. */
export function isOfOneNamespace(source: KnownEnd, destination: KnownEnd): boolean {
  return source.onlyNamed !== undefined && source.onlyNamed === destination.onlyNamed;
}
