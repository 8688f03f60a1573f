import type { Nft, NftObjects } from "./nft/nft.ts";

/** What a table says about the state it holds, for an agent that did not put it there. */
export interface StoredState {
  readonly generation: number;
  readonly epoch: number;
}

/** The map that keeps the state. */
export const stateMap = "state";
const fields = { generation: 1, epoch: 2 } as const;

/** Commands that write down a state; part of the transaction that puts it in force. */
export function store({ generation, epoch }: StoredState): string[] {
  return [
    `flush map inet podwall ${stateMap}`,
    `add element inet podwall ${stateMap} { ${fields.generation} : ${generation}, ${fields.epoch} : ${epoch} }`,
  ];
}

/** The state a table says it holds; undefined when it does not say. */
export async function readStore(nft: Nft, objects: NftObjects): Promise<StoredState | undefined> {
  if (!objects.sets.includes(stateMap)) return undefined;
  const values = new Map((await nft.elements(stateMap)).map(({ key, value }) => [Number(key[0]), Number(value)]));
  const generation = values.get(fields.generation);
  const epoch = values.get(fields.epoch);
  return generation === undefined || epoch === undefined ? undefined : { generation, epoch };
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
