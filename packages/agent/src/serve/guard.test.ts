import { type Clock, systemClock } from "@podwall/kube";
import { describe, expect, it } from "vitest";
import { type Review, TokenGuard, answerHoldsMs } from "./guard.ts";

/** Whoever asks does so from an address of their own, where none is named. */
function guardOf(review: Review) {
  let now = 0;
  const clock: Clock = { ...systemClock, now: () => now };
  const guard = new TokenGuard(review, clock);
  return {
    guard: {
      admit: (token: string | undefined, path: string, from = `from ${token}`) => guard.admit(token, path, from),
    },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe("the guard of the endpoints", () => {
  it("lets in who may, and says why it lets others not", async () => {
    const { guard } = guardOf(async (token, path) =>
      token === "?" ? "nobody" : token === "jo" && path === "/metrics" ? "allowed" : "denied",
    );
    expect(await guard.admit("jo", "/metrics")).toEqual({ kind: "admitted" });
    expect(await guard.admit("jo", "/state")).toMatchObject({
      code: 403,
      because: expect.stringContaining('"/state"'),
    });
    expect(await guard.admit("?", "/state")).toMatchObject({ code: 401 });
    expect(await guard.admit(undefined, "/state")).toMatchObject({ code: 401 });
    expect(await guard.admit("x".repeat(20_000), "/state")).toMatchObject({ code: 401 });
  });

  it("lets nobody in while it cannot be told, and asks again at once", async () => {
    let away = true;
    const { guard } = guardOf(() => (away ? Promise.reject(new Error("away")) : Promise.resolve("allowed")));
    expect(await guard.admit("jo", "/state")).toMatchObject({ code: 503 });
    away = false;
    expect(await guard.admit("jo", "/state")).toEqual({ kind: "admitted" });
  });

  it("keeps an answer for a while, and one question for all who ask meanwhile", async () => {
    let asked = 0;
    let answer: "allowed" | "denied" = "allowed";
    const { guard, pass } = guardOf(async () => {
      asked += 1;
      return answer;
    });
    await Promise.all([guard.admit("jo", "/state"), guard.admit("jo", "/state")]);
    answer = "denied";
    pass(answerHoldsMs - 1);
    expect(await guard.admit("jo", "/state")).toEqual({ kind: "admitted" });
    expect(asked).toBe(1);
    pass(1);
    expect(await guard.admit("jo", "/state")).toMatchObject({ code: 403 });
  });

  it("asks no more than a few questions at a time and a minute, whatever it is shown", async () => {
    const release: (() => void)[] = [];
    let asked = 0;
    const { guard, pass } = guardOf((token) => {
      if (token === "jo") return Promise.resolve("allowed");
      asked += 1;
      return new Promise((resolve) => release.push(() => resolve("nobody")));
    });
    expect(await guard.admit("jo", "/state")).toEqual({ kind: "admitted" });
    pass(60_000);
    const first = Array.from({ length: 10 }, (_, index) => guard.admit(`${index}`, "/state"));
    expect(asked).toBe(4);
    for (const one of release.splice(0)) one();
    expect((await Promise.all(first)).map((one) => "code" in one && one.code)).toEqual([
      ...Array.from({ length: 4 }, () => 401),
      ...Array.from({ length: 6 }, () => 503),
    ]);
    for (let index = 0; index < 300; index++) {
      const answer = guard.admit(`more ${index}`, "/state");
      release.pop()?.();
      await answer;
    }
    expect(asked).toBe(240);
    pass(answerHoldsMs);
    expect(await guard.admit("jo", "/state")).toEqual({ kind: "admitted" });
    pass(60_000);
    const late = guard.admit("late", "/state");
    release.pop()?.();
    expect(await late).toMatchObject({ code: 401 });
  });

  it("keeps nobody out by others' nonsense who was let in before, though the API server was away meanwhile", async () => {
    let away = false;
    const { guard, pass } = guardOf((token) =>
      away ? Promise.reject(new Error("away")) : Promise.resolve(token === "jo" ? "allowed" : "nobody"),
    );
    expect(await guard.admit("jo", "/state")).toEqual({ kind: "admitted" });
    pass(answerHoldsMs);
    away = true;
    for (let index = 0; index < 2; index++) expect(await guard.admit("jo", "/state")).toMatchObject({ code: 503 });
    away = false;
    for (let index = 0; index < 300; index++) await guard.admit(`${index}`, "/state");
    expect(await guard.admit("0 again", "/state")).toMatchObject({ code: 503 });
    expect(await guard.admit("jo", "/state")).toEqual({ kind: "admitted" });
  });

  it("keeps nobody out by one address' nonsense", async () => {
    let asked = 0;
    const { guard } = guardOf(async (token) => {
      asked += 1;
      return token === "jo" ? "allowed" : "nobody";
    });
    for (let index = 0; index < 300; index++) await guard.admit(`${index}`, "/state", "10.0.0.9");
    expect(asked).toBe(120);
    expect(await guard.admit("jo", "/state", "10.0.0.9")).toMatchObject({ code: 503 });
    expect(await guard.admit("jo", "/state", "10.0.0.1")).toEqual({ kind: "admitted" });
  });
});
