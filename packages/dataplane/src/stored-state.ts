import type { Nft, NftObjects } from "./nft/nft.ts";

/** What a table says about the state it holds, for an agent that did not put it there. */
export interface StoredState {
  readonly generation: number;
  readonly epoch: number;
}

/** The map that keeps the epoch of the newest generations; the highest is the state's. */
export const stateMap = "state";
/** Older ones go with each generation that is a multiple of this: to empty a map, nft lists all sets that there are. */
const kept = 64;

/** Commands that write down a state; part of the transaction that puts it in force. Generations only rise. */
export function store({ generation, epoch }: StoredState): string[] {
  return [
    ...(generation % kept === 0 ? [`flush map inet podwall ${stateMap}`] : []),
    `add element inet podwall ${stateMap} { ${generation} : ${epoch} }`,
  ];
}

/** The state a table says it holds; undefined when it does not say. */
export async function readStore(nft: Nft, objects: NftObjects): Promise<StoredState | undefined> {
  if (!objects.sets.includes(stateMap)) return undefined;
  const states = (await nft.elements(stateMap)).map(({ key, value }) => ({
    generation: Number(key[0]),
    epoch: Number(value),
  }));
  return states.sort((a, b) => b.generation - a.generation)[0];
}

/** Whether there is a table in which a state can be written, so whether it is there and podwall's. */
export function hasStore(nft: Nft): Promise<boolean> {
  return nft.hasMap(stateMap);
}

/** The highest number that a name in a table ends in, so that new names can be told from old ones. */
export function highestNumber(objects: NftObjects): number {
  let highest = 0;
  for (const name of [...objects.chains, ...objects.sets]) {
    const number = /_(\d+)(?:_[a-z]+)?$/.exec(name)?.[1];
    if (number !== undefined) highest = Math.max(highest, Number(number));
  }
  return highest;
}
