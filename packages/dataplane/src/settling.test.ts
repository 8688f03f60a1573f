import { describe, expect, it } from "vitest";
import type { Nft } from "./nft/nft.ts";
import { Settling } from "./settling.ts";

/** What is left behind, over an nft that notes what it is told, and that is held up while `held` is not resolved. */
function settlingOver(held: Promise<void> = Promise.resolve()) {
  const told: string[] = [];
  const nft: Pick<Nft, "run"> = {
    run: async (commands) => {
      await held;
      told.push(...commands);
    },
  };
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  return { told, settling: new Settling({ nft, inTurn, onLost: () => undefined }) };
}

describe("what switches leave behind", () => {
  it("is taken away in order, and what is left while that happens too", async () => {
    let release: () => void = () => undefined;
    const { told, settling } = settlingOver(new Promise((resolve) => (release = resolve)));
    settling.leave({ retire: ["first"], settles: ["a"] });
    const retiring = settling.retire();
    settling.leave({ retire: ["second"], settles: ["b"] });
    expect([...settling.leftover.pending]).toEqual(["a", "b"]);
    release();
    expect(await retiring).toBe(true);
    expect([...settling.leftover.pending]).toEqual(["b"]);
    await settling.settled();
    expect(told).toEqual(["first", "second"]);
    expect(settling.leftover.pending.size).toBe(0);
  });

  it("is taken away in pieces, and is pending until the last of them", async () => {
    const { told, settling } = settlingOver();
    const commands = Array.from({ length: 20 }, (_, index) => `${index} ${"x".repeat(1000)}`);
    settling.leave({ retire: commands, settles: ["a"] });
    expect(await settling.retire()).toBe(true);
    expect(told.length).toBeGreaterThan(1);
    expect(told.length).toBeLessThan(20);
    expect([...settling.leftover.pending]).toEqual(["a"]);
    await settling.settled();
    expect(told).toEqual(commands);
  });
});
