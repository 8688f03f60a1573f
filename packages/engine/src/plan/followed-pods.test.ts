import { describe, expect, it } from "vitest";
import { type Pod, podKey } from "../model/pod.ts";
import { FollowedPods } from "./followed-pods.ts";
import { SharedMap } from "./shared-map.ts";

function pod(name: string, more: Partial<Pod> = {}): Pod {
  return {
    kind: "Pod",
    namespace: "shop",
    name,
    labels: new Map(),
    node: "here",
    hostNetwork: false,
    completed: false,
    addresses: [],
    ports: [],
    ...more,
  };
}

function all(...pods: readonly Pod[]): SharedMap<Pod> {
  return SharedMap.empty<Pod>().with(pods.map((one) => [podKey(one), one]));
}

describe("the pods of a cluster", () => {
  it("are told apart as those that went and those that came", () => {
    const pods = new FollowedPods("here");
    const [a, b, c] = [pod("a"), pod("b"), pod("c")];
    const first = all(a, b);
    const { gone, came } = pods.follow(first);
    expect([gone, new Set(came)]).toEqual([[], new Set([a, b])]);
    const labelled = { ...a, labels: new Map([["app", "web"]]) };
    const second = first.with([
      ["shop/a", labelled],
      ["shop/c", c],
    ]);
    const next = pods.follow(second);
    expect([next.gone, new Set(next.came)]).toEqual([[a], new Set([labelled, c])]);
    expect(pods.follow(second.with([["shop/b", undefined]]))).toEqual({ gone: [b], came: [] });
    // A state that shares nothing with the one before is told from it as well.
    expect(pods.follow(all(labelled, c))).toEqual({ gone: [], came: [] });
  });

  it("are this node's where they run here, on a network of their own, and have not ended", () => {
    const pods = new FollowedPods("here");
    const local = pod("local");
    const others = [
      pod("remote", { node: "there" }),
      pod("host", { hostNetwork: true }),
      pod("done", { completed: true }),
    ];
    pods.follow(all(...others, local));
    expect(pods.local).toEqual([local]);
  });

  it("are the same list of this node's until one of those is another, and in an order that tells nothing of what was", () => {
    const pods = new FollowedPods("here");
    const [local, remote] = [pod("local"), pod("remote", { node: "there" })];
    pods.follow(all(local, remote));
    const before = pods.local;
    pods.follow(all(local));
    expect(pods.local).toBe(before);
    const done = { ...local, completed: true };
    pods.follow(all(done));
    expect(pods.local).toEqual([]);
    pods.follow(all(pod("late"), done));
    pods.follow(all(pod("late"), local, pod("early")));
    expect(pods.local.map(({ name }) => name)).toEqual(["early", "late", "local"]);
  });
});
