import { describe, expect, it } from "vitest";
import { sharedRead } from "./shared-read.ts";

describe("a shared reading", () => {
  it("is taken once for all who ask meanwhile and a while after, whether it fails or not", async () => {
    let now = 0;
    let reads = 0;
    const waiting: { readonly good: (value: number) => void; readonly bad: (error: Error) => void }[] = [];
    const read = sharedRead(
      () => {
        reads += 1;
        return new Promise<number>((good, bad) => waiting.push({ good, bad }));
      },
      { clock: { now: () => now }, holdsMs: 1_000 },
    );
    const first = [read(), read()];
    now = 60_000;
    const late = read();
    expect(reads).toBe(1);
    waiting[0]?.good(7);
    expect(await Promise.all([...first, late])).toEqual([7, 7, 7]);
    now += 999;
    expect(await read()).toBe(7);
    expect(reads).toBe(1);
    now += 1;
    const failing = [read(), read()];
    expect(reads).toBe(2);
    waiting[1]?.bad(new Error("away"));
    for (const one of failing) await expect(one).rejects.toThrow("away");
    await expect(read()).rejects.toThrow("away");
    now += 1_000;
    const again = read();
    waiting[2]?.good(8);
    expect(await again).toBe(8);
  });
});
