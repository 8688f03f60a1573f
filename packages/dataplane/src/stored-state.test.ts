import { describe, expect, it } from "vitest";
import { fakeNft } from "./nft/fake-nft.ts";
import { readStore, store } from "./stored-state.ts";

describe("what a table says of its state", () => {
  it("is the newest generation with its epoch, whatever the epochs before were, and stays short", async () => {
    const nft = fakeNft();
    await nft.run(["add table inet podwall", "add map inet podwall state { type mark : mark; }"]);
    const objects = { chains: [], sets: ["state"] };
    expect(await readStore(nft, objects)).toBeUndefined();
    for (let generation = 1; generation <= 300; generation++) {
      const state = { generation, epoch: 1 + ((generation * 7) % 5) };
      await nft.run(store(state));
      expect(await readStore(nft, objects)).toEqual(state);
      expect((await nft.elements("state")).length).toBeLessThanOrEqual(64);
    }
    expect(await readStore(nft, { chains: [], sets: [] })).toBeUndefined();
  });
});
