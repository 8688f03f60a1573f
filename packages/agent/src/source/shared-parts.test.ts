import { describe, expect, it } from "vitest";
import type { ApiObject, Pod } from "@podwall/engine";
import { SharedParts } from "./shared-parts.ts";

function pod(name: string, labels: Readonly<Record<string, string>>): Pod {
  return {
    kind: "Pod",
    namespace: "shop",
    name,
    labels: new Map(Object.entries(labels)),
    node: "node-1",
    hostNetwork: false,
    completed: false,
    addresses: [],
    ports: [{ protocol: "TCP", port: 80, name: "web" }],
  };
}

describe("parts of pods", () => {
  it("are the same object where they are equal, and what they were", () => {
    const parts = new SharedParts();
    const pods = [pod("one", { app: "web" }), pod("two", { app: "web" }), pod("three", { app: "db" })];
    const [one, two, three] = pods.map((each) => parts.share(each)) as [Pod, Pod, Pod];
    expect([one, two, three]).toEqual(pods);
    expect(two.labels).toBe(one.labels);
    expect(two.ports).toBe(one.ports);
    expect(three.labels).not.toBe(one.labels);
    expect(three.ports).toBe(one.ports);
  });

  it("are not remembered where they are huge or too many", () => {
    const parts = new SharedParts();
    const huge = { app: "x".repeat(5_000) };
    const [one, two] = ["one", "two"].map((name) => parts.share(pod(name, huge))) as [Pod, Pod];
    expect(two.labels).not.toBe(one.labels);
    expect(two.labels).toEqual(one.labels);
    const first = parts.share(pod("first", { app: "0" })) as Pod;
    for (let app = 1; app <= 5_000; app++) parts.share(pod("other", { app: `${app}` }));
    expect((parts.share(pod("first", { app: "0" })) as Pod).labels).not.toBe(first.labels);
  });

  it("are only shared by pods", () => {
    const namespace: ApiObject = { kind: "Namespace", name: "shop", labels: new Map(), declared: true };
    expect(new SharedParts().share(namespace)).toBe(namespace);
  });
});
