import { expect } from "vitest";
import { type Nft, NftError, type NftErrorKind } from "../nft.ts";

/** Gives an `Nft` with a new table `inet podwall`, after these commands. */
export type OpenTable = (...commands: readonly string[]) => Promise<Nft>;

/** What a transaction must come to: it takes effect, or is refused with one of these kinds. */
export type Outcome = "done" | NftErrorKind | readonly NftErrorKind[];

/** Tries transactions one after the other. */
export async function outcomes(
  nft: Nft,
  steps: readonly (readonly [commands: string | readonly string[], outcome: Outcome])[],
): Promise<void> {
  for (const [commands, outcome] of steps) {
    const texts = typeof commands === "string" ? [commands] : commands;
    const got = await kindOfRun(nft, texts);
    const isGood = [outcome].flat().includes(got);
    expect({ commands: texts, outcome: got }).toEqual({ commands: texts, outcome: isGood ? got : outcome });
  }
}

/** Each element's fields, then its value and count where it has them. */
export async function elementsOf(nft: Nft, set: string): Promise<unknown[]> {
  const elements = await nft.elements(set);
  return sorted(
    elements.map(({ key, value, packets }) => [
      ...key,
      ...(value === undefined ? [] : [{ value }]),
      ...(packets === undefined ? [] : [{ packets }]),
    ]),
  );
}

async function kindOfRun(nft: Nft, commands: readonly string[]): Promise<"done" | NftErrorKind> {
  try {
    await nft.run(commands);
    return "done";
  } catch (error) {
    if (error instanceof NftError) return error.kind;
    throw error;
  }
}

/** In the order of their JSON. */
export function sorted(values: readonly (readonly unknown[])[]): unknown[] {
  return values
    .map((value) => [JSON.stringify(value), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
}
