import type { Pod } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { FollowedPods } from "./followed-pods.ts";

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

describe("the pods of a cluster", () => {
  it("are told apart as those that went and those that came", () => {
    const pods = new FollowedPods("here");
    const [a, b, c] = [pod("a"), pod("b"), pod("c")];
    expect(pods.follow([a, b])).toEqual({ gone: [], came: [a, b] });
    const labelled = { ...a, labels: new Map([["app", "web"]]) };
    expect(pods.follow([labelled, b, c])).toEqual({ gone: [a], came: [labelled, c] });
    expect(pods.follow([labelled, c])).toEqual({ gone: [b], came: [] });
  });

  it("are this node's where they run here, on a network of their own, and have not ended", () => {
    const pods = new FollowedPods("here");
    const local = pod("local");
    pods.follow([
      pod("remote", { node: "there" }),
      pod("host", { hostNetwork: true }),
      local,
      pod("done", { completed: true }),
    ]);
    expect(pods.local).toEqual([local]);
  });

  it("are the same list of this node's until one of those is another", () => {
    const pods = new FollowedPods("here");
    const [local, remote] = [pod("local"), pod("remote", { node: "there" })];
    pods.follow([local, remote]);
    const before = pods.local;
    pods.follow([local]);
    expect(pods.local).toBe(before);
    const done = { ...local, completed: true };
    pods.follow([done]);
    expect(pods.local).toEqual([]);
    pods.follow([pod("late"), done]);
    expect(pods.local.map(({ name }) => name)).toEqual(["late"]);
  });
});
