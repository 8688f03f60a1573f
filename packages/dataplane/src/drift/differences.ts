import { identityAt, parseAddress } from "@podwall/engine";
import { type Nft, type NftElement, NftError } from "../nft/nft.ts";
import { families } from "../ruleset/address-family.ts";
import { namesOf } from "../ruleset/full-transition.ts";
import type { KernelState } from "../ruleset/kernel-state.ts";
import type { RulesetOptions } from "../ruleset/transition.ts";
import { readStore, stateMap } from "../stored-state.ts";
import { expectedRuleCounts, expectedTable } from "./expected-table.ts";

/** The rules of each chain as they were found when nothing was amiss, to be told from others later. */
export type KnownRules = ReadonlyMap<string, readonly string[]>;

/** How the names of a table's objects, and the state it says it holds, differ from what was put there. */
export async function differentNames(nft: Nft, state: KernelState): Promise<string[]> {
  const objects = await nft.objects();
  if (objects === undefined) return ["the table is gone"];
  const wanted = namesOf(state);
  const found = new Set([...objects.chains, ...objects.sets]);
  const different = [
    ...[...wanted].filter((name) => !found.has(name)).map((name) => `${name} is gone`),
    ...[...found].filter((name) => !wanted.has(name)).map((name) => `${name} is not of podwall`),
  ];
  if (!found.has(stateMap)) return different;
  const stored = await readStore(nft, objects);
  const isStored = stored?.generation === state.generation && stored.epoch === state.epoch;
  return isStored ? different : [...different, `the table says that it holds another state`];
}

/** How the rules differ: in number from what was put there, or from those that are known. */
export async function differentRules(
  nft: Nft,
  state: KernelState,
  options: RulesetOptions,
  known: KnownRules | undefined,
): Promise<{ readonly different: string[]; readonly found: KnownRules }> {
  const found = new Map<string, string[]>();
  for (const { chain, text } of await nft.rules()) {
    const others = found.get(chain);
    if (others === undefined) found.set(chain, [text]);
    else others.push(text);
  }
  const counts = expectedRuleCounts(state, options);
  const different = [...new Set([...counts.keys(), ...found.keys()])].filter((chain) => {
    const rules = found.get(chain) ?? [];
    if (rules.length !== (counts.get(chain) ?? 0)) return true;
    return known !== undefined && rules.join("\n") !== (known.get(chain) ?? []).join("\n");
  });
  return { different: different.map((chain) => `the rules of ${chain} are others`), found };
}

/** How the elements differ, of every set and map that packets do not change; what the state says of itself is among the names. */
export async function differentElements(nft: Nft, state: KernelState): Promise<string[]> {
  const table = await expectedTable(state);
  const deltas = families.flatMap((family) => state.sets[family].deltas);
  const different: string[] = [];
  for (const name of (await table.objects())?.sets ?? []) {
    if (name.startsWith("flows_") || name === stateMap || deltas.includes(name)) continue;
    const [wanted, found] = [textsOf(await table.elements(name)), textsOf(await elementsIn(nft, name))];
    const missing = [...wanted].filter((element) => !found.has(element)).length;
    const added = [...found].filter((element) => !wanted.has(element)).length;
    if (missing + added > 0) different.push(`${name} lacks ${missing} elements and has ${added} others`);
  }
  for (const family of families) {
    const said = new Map<string, NftElement>();
    for (const name of state.sets[family].deltas) {
      for (const element of await elementsIn(nft, name)) said.set(String(element.key[0]), element);
    }
    const wrong = [...said.values()].filter((element) => !isOfPlan(state, element)).length;
    if (wrong > 0) different.push(`what changed of IPv${family} addresses has ${wrong} elements that are wrong`);
  }
  return different;
}

/** What the last delta that knows an address says of it must be so; what none says, the map of pods does. */
function isOfPlan({ plan, ids }: KernelState, { key, value }: NftElement): boolean {
  const address = parseAddress(String(key[0]));
  return address !== undefined && ids.get(identityAt(plan, address)) === value;
}

async function elementsIn(nft: Nft, name: string): Promise<readonly NftElement[]> {
  try {
    return await nft.elements(name);
  } catch (error) {
    if (error instanceof NftError && error.kind === "not-found") return [];
    throw error;
  }
}

function textsOf(elements: readonly NftElement[]): Set<string> {
  return new Set(elements.map(({ key, value }) => JSON.stringify([key, value])));
}
