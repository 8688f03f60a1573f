import type { NetworkPolicy } from "@podwall/engine";
import type { WatchProblemCode } from "@podwall/kube";
import { describe, expect, it } from "vitest";
import { mostParts, partsOf } from "../namespace-parts.ts";
import { type Kept, KeptKind } from "./kept-kind.ts";
import { watchedKinds } from "./watched-kinds.ts";

describe("what is kept of a kind", () => {
  it("tells of a problem once, and of another one that comes in its place", () => {
    const kept = new KeptKind(watchedKinds[0]!, "here");
    const said = (code: WatchProblemCode, message: string): readonly unknown[] =>
      kept.take({ kind: "problem", code, message, retryInMs: 1 }).troubles.map((trouble) => trouble.message);
    expect(said("unreachable", "no connection")).toEqual(["no connection"]);
    expect(said("unreachable", "no connection yet")).toEqual([]);
    expect(said("denied", "no right")).toEqual(["no right"]);
    expect(said("denied", "no right")).toEqual([]);
    expect(kept.take({ kind: "heard" }).troubles).toEqual([{ about: "namespaces", message: undefined }]);
    expect(kept.take({ kind: "heard" }).troubles).toEqual([]);
    expect(said("denied", "no right")).toEqual(["no right"]);
  });

  it("is as new as what the server has after a backup was restored, and not as what it had before", () => {
    const kept = new KeptKind(watchedKinds.find((one) => one.kind === "Namespace")!, "here");
    const change = (name: string, version: number): void => {
      const object = kept.decode({ metadata: { name, resourceVersion: `${version}` } });
      kept.take({ kind: "changed", key: name, object });
    };
    change("shop", 900);
    change("dev", 800);
    expect(kept.progress.version).toBe(900);
    kept.take({ kind: "problem", code: "rewound", message: "was a backup restored?", retryInMs: 1 });
    expect(kept.progress.version).toBe(0);
    change("shop", 300);
    change("dev", 200);
    kept.take({ kind: "synced", objects: 2 });
    expect(kept.progress.version).toBe(300);
  });
});

describe("what is kept of a policy", () => {
  it("is no more than what stands in for it, where it says too much of pods", () => {
    const kind = new KeptKind(watchedKinds.find((one) => one.kind === "NetworkPolicy")!, "here");
    const values = Array.from({ length: 150_000 }, (_, index) => `v${index}`);
    const from = [{ podSelector: { matchExpressions: [{ key: "a", operator: "In", values }] } }];
    const metadata = { name: "large", namespace: "shop", resourceVersion: "7" };
    const { object } = kind.decode({ metadata, spec: { podSelector: {}, ingress: [{ from }] } });
    expect(object).toMatchObject({ name: "large", ingress: [], closedBecause: expect.stringContaining("terms") });
    expect(JSON.stringify(object).length).toBeLessThan(1_000);
  });
});

describe("what is kept of a namespace's policies", () => {
  const policies = (): KeptKind => new KeptKind(watchedKinds.find((one) => one.kind === "NetworkPolicy")!, "here");
  /** A policy of a few more parts than it has values. */
  const read = (kind: KeptKind, name: string, count: number, namespace = "shop"): Kept => {
    const values = Array.from({ length: count }, (_, index) => `v${index}`);
    const from = [{ podSelector: { matchExpressions: [{ key: "a", operator: "In", values }] } }];
    const metadata = { name, namespace, resourceVersion: `${count}` };
    return kind.decode({ metadata, spec: { podSelector: { matchLabels: { app: name } }, ingress: [{ from }] } });
  };
  const take = (kind: KeptKind, ...lists: readonly Kept[]): void => {
    for (const object of lists) {
      const { name, namespace } = object.object as NetworkPolicy;
      kind.take({ kind: "changed", key: `${namespace}/${name}`, object });
    }
  };
  const kept = (kind: KeptKind) => kind.all.values() as readonly NetworkPolicy[];
  const closed = (kind: KeptKind): readonly string[] =>
    kept(kind)
      .filter(({ closedBecause }) => closedBecause !== undefined)
      .map(({ name }) => name)
      .sort();
  const parts = (kind: KeptKind): number => kept(kind).reduce((sum, policy) => sum + partsOf(policy), 0);

  it("is bounded: the largest close their own subjects, and say why", () => {
    const kind = policies();
    const medium = [1, 2, 3, 4].map((index) => read(kind, `p${index}`, 18_000));
    take(kind, read(kind, "large", 19_000), ...medium, read(kind, "small", 5));
    expect(closed(kind)).toEqual([]);
    const before = kind.all;
    take(kind, read(kind, "another", 18_500), read(kind, "large", 19_900, "dev"));
    expect(closed(kind)).toEqual(["large"]);
    expect(kept(kind).find(({ name, namespace }) => name === "large" && namespace === "shop")).toMatchObject({
      podSelector: { requirements: [{ key: "app", values: ["large"] }] },
      directions: ["ingress"],
      ingress: [],
      closedBecause: expect.stringMatching(/more than 100000 parts together.* it has 19004; delete others/),
    });
    expect(kind.all).not.toBe(before);
    expect(kind.all).toBe(kind.all);
  });

  it("is the same in whatever order they came", () => {
    const sizes = [17_000, 7, 17_100, 17_200, 17_300, 5, 17_400, 17_500, 17_600];
    const orders = [sizes, [...sizes].reverse(), [...sizes].sort((a, b) => a - b)];
    for (const order of orders) {
      const kind = policies();
      for (const size of order) {
        take(kind, read(kind, `p${size}`, size));
        // What is looked at in between makes no difference.
        if (size > 17_250) expect(parts(kind)).toBeLessThanOrEqual(mostParts + 100);
      }
      expect(closed(kind)).toEqual(["p17500", "p17600"]);
      expect(kind.wanted.size).toBe(0);
    }
  });

  it("is no more while a list is on its way, of which nothing is taken in before it is whole", () => {
    const kind = policies();
    const list = Array.from({ length: 20 }, (_, index) => read(kind, `p${index}`, 18_000 + index));
    const held = list.reduce((sum, { object }) => sum + partsOf(object as NetworkPolicy), 0);
    expect(held).toBeLessThanOrEqual(2 * mostParts + 1_000);
    take(kind, ...list);
    kind.take({ kind: "synced", objects: 20 });
    const whole = kept(kind).filter(({ closedBecause }) => closedBecause === undefined);
    // The smallest.
    expect(whole.map(({ name }) => name).sort()).toEqual(["p0", "p1", "p2", "p3", "p4"]);
    expect(kind.wanted.size).toBe(0);
    // A list that came to nothing counts for nothing.
    for (let index = 0; index < 11; index++) read(kind, `q${index}`, 18_000);
    kind.take({ kind: "problem", code: "unreachable", message: "", retryInMs: 1 });
    expect(read(kind, "q11", 18_000).share?.isWhole).toBe(true);
  });

  it("is to be read anew where others are gone", () => {
    const kind = policies();
    take(kind, ...[1, 2, 3, 4, 5, 6].map((index) => read(kind, `p${index}`, 18_000 + index)));
    expect(closed(kind)).toEqual(["p6"]);
    expect([...kind.wanted]).toEqual([]);
    kind.take({ kind: "removed", key: "shop/p2" });
    expect([...kind.wanted]).toEqual([["shop/p6", "18006"]]);
    expect(closed(kind)).toEqual(["p6"]);
    take(kind, read(kind, "p6", 18_006));
    expect(closed(kind)).toEqual([]);
    expect(kind.wanted.size).toBe(0);
    take(kind, read(kind, "p7", 18_007));
    expect(closed(kind)).toEqual(["p7"]);
    kind.take({ kind: "unreadable", key: "shop/p5", why: "it is odd" });
    expect([...kind.wanted.keys()]).toEqual(["shop/p7"]);
    // Room that is gone again is no room.
    take(kind, read(kind, "p5", 18_005));
    expect(kind.wanted.size).toBe(0);
  });

  it("bounds large selectors of subjects too, and says of a policy first why it cannot be used at all", () => {
    const kind = policies();
    const values = Array.from({ length: 19_999 }, (_, index) => `v${index}`);
    const podSelector = { matchExpressions: [{ key: "a", operator: "In", values }] };
    for (let index = 0; index < 20; index++) {
      const ingress = index === 0 ? [{ from: [{ podSelector }, { podSelector }] }] : [];
      const metadata = { name: `p${index}`, namespace: "shop", resourceVersion: "1" };
      take(kind, kind.decode({ metadata, spec: { podSelector, ingress } }));
    }
    expect(parts(kind)).toBeLessThanOrEqual(mostParts + 20);
    expect(closed(kind)).toHaveLength(16);
    expect(kept(kind).find(({ name }) => name === "p0")?.closedBecause).toMatch(/^it has \d+ terms/);
  });
});
