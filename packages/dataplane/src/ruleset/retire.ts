import type { RuleSet } from "@podwall/engine";
import { identityChanges } from "./identity-changes.ts";
import { families } from "./address-family.ts";
import type { Dispatch } from "./dispatch.ts";
import { type KernelState, setsInUse } from "./kernel-state.ts";
import { lookupName } from "./lookups.ts";
import { type RuleSetChain, drainRuleSetChain } from "./rule-set-chain.ts";

/** Takes away what `before` read and `next` does not. */
export function retireCommands(before: KernelState, next: KernelState): string[] {
  const drained: string[] = [];
  const { gone: keys } = identityChanges(before.plan.identities, next.plan.identities);
  const gone = new Map(keys.map((key) => [key, before.ids.get(key) as number]));
  for (const chain of gone.size === 0 ? [] : next.ruleSets.values()) {
    const old = before.ruleSets.get(chain.key);
    if (old?.name !== chain.name) continue;
    drained.push(...drainRuleSetChain(chain, before.plan.ruleSets.get(chain.key) as RuleSet, gone));
  }
  const dead = chainObjects(
    [...before.ruleSets.values()].filter(({ key, name }) => next.ruleSets.get(key)?.name !== name),
  );
  const pods = families.flatMap((family) => gonePodChains(before.dispatch[family], next.dispatch[family]));
  const inUse = before.sets === next.sets ? undefined : new Set(setsInUse(next));
  const unused = inUse === undefined ? [] : setsInUse(before).filter((name) => !inUse.has(name));
  return [...drained, ...removeObjects([...pods, ...dead.chains], [...unused, ...dead.sets])];
}

/** An address that stays keeps its pod chains. */
function gonePodChains(before: Dispatch, next: Dispatch): string[] {
  const gone: string[] = [];
  for (const [kind, { elements }] of before === next ? [] : before) {
    const staying = next.get(kind)?.elements;
    for (const [address, { podChain }] of elements) {
      if (podChain !== undefined && !staying?.has(address)) gone.push(podChain.name);
    }
  }
  return gone;
}

/** The names of everything that rule set chains are made of. */
export function chainObjects(chains: Iterable<RuleSetChain>): {
  readonly chains: string[];
  readonly sets: string[];
  readonly all: string[];
} {
  const list = [...chains];
  const names = list.map((chain) => chain.name);
  const sets = list.flatMap((chain) => [...chain.lookups].map((lookup) => lookupName(chain, lookup)));
  return { chains: names, sets, all: [...names, ...sets] };
}

/** Rules first, so that no set is read; then sets, so that no dispatch element leads to a chain; then chains. */
export function removeObjects(chains: readonly string[], sets: readonly string[]): string[] {
  return [
    ...chains.map((name) => `flush chain inet podwall ${name}`),
    ...sets.map((name) => `delete set inet podwall ${name}`),
    ...chains.map((name) => `delete chain inet podwall ${name}`),
  ];
}
