import type { Dispatch, DispatchSet } from "./dispatch.ts";
import type { DispatchKind } from "./judgement.ts";
import type { PodChain } from "./pod-chains.ts";

/** How what says which local pods there are, and what judges them, differs from what the kernel has. */
export interface DispatchChange {
  readonly before: Dispatch;
  readonly now: Dispatch;
  /** Of those whose elements are others than before, or that are new. */
  readonly changed: ReadonlyMap<DispatchKind, ElementChange>;
  /** Of addresses that came. */
  readonly created: readonly PodChain[];
  /** Of addresses that stay, where something else is to judge them. */
  readonly rejudged: readonly PodChain[];
}

/** Addresses whose element in a set or map came, went, or is another. */
export interface ElementChange {
  readonly came: readonly string[];
  readonly gone: readonly string[];
  readonly others: readonly string[];
}

/** Undefined where nothing differs. */
export function dispatchChange(before: Dispatch, now: Dispatch): DispatchChange | undefined {
  if (before === now) return undefined;
  const changed = new Map<DispatchKind, ElementChange>();
  const created: PodChain[] = [];
  const rejudged: PodChain[] = [];
  for (const [kind, { elements }] of now) {
    const had = before.get(kind)?.elements;
    const change = elementChange(had, elements);
    if (change !== undefined) changed.set(kind, change);
    for (const [address, element] of elements) {
      const was = had?.get(address);
      if (element.podChain === undefined || element === was) continue;
      if (was === undefined) created.push(element.podChain);
      else if (was.podChain?.rule !== element.podChain.rule) rejudged.push(element.podChain);
    }
  }
  if (changed.size + rejudged.length === 0 && before.size === now.size) return undefined;
  return { before, now, changed, created, rejudged };
}

/** Undefined where they are the same; `before` is undefined where there was no such set. */
function elementChange(
  before: DispatchSet["elements"] | undefined,
  now: DispatchSet["elements"],
): ElementChange | undefined {
  const came: string[] = [];
  const others: string[] = [];
  for (const [address, element] of now) {
    const was = before?.get(address);
    if (was === undefined) came.push(address);
    else if (was !== element && (was.key !== element.key || was.verdict !== element.verdict)) others.push(address);
  }
  const stayed = now.size - came.length;
  const gone = before === undefined || before.size === stayed ? [] : [...before.keys()].filter((one) => !now.has(one));
  return before !== undefined && came.length + others.length + gone.length === 0 ? undefined : { came, gone, others };
}
