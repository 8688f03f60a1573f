import type { WatchProblemCode } from "@podwall/kube";
import { describe, expect, it } from "vitest";
import { KeptKind } from "./kept-kind.ts";
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
