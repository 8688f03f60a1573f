import { FollowedPods, type Pod, isPolicyPod, podKey } from "@podwall/engine";
import type { KubeObject } from "@podwall/kube";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutPods } from "../loop/compile.ts";
import { KeptKind } from "./kept-kind.ts";
import { snapshotsOf } from "./snapshots-of.ts";
import { watchedKinds } from "./watched-kinds.ts";

const most = 12;
const index = fc.nat(most - 1);
/** What tells two versions of a pod apart. */
const version = fc.nat(2);
const pods = fc.dictionary(index.map(String), version, { maxKeys: most });

/** What a watch may tell, and when an agent looks at what came of it. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("put" as const), index, version }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("gone" as const), index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("unreadable" as const), index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("relist" as const), pods }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("look" as const),
      held: fc.uniqueArray(index, { maxLength: 4 }),
      // Where it fails before the plan is made, the planner never sees the state.
      fails: fc.boolean(),
    }),
  },
);

describe("the states of a cluster that changes", () => {
  it("hold what was told, stay what they were, and differ from each other as whole lists do", () => {
    const counts = { looks: 0, held: 0, failed: 0, changes: 0 };
    fc.assert(
      fc.property(fc.array(happening, { minLength: 20, maxLength: 60 }), (history) => {
        const kinds = watchedKinds.map((watched) => new KeptKind(watched, "here"));
        const kind = kinds.find(({ watched }) => watched.kind === "Pod") as KeptKind;
        for (const one of kinds) one.take({ kind: "synced", objects: 0 });
        const snapshot = snapshotsOf(kinds);
        const told = new Map<string, number>();
        const put = (name: number, revision: number): void => {
          told.set(keyOf(name), revision);
          kind.take({ kind: "changed", key: keyOf(name), object: kind.decode(rawPod(name, revision)) });
        };
        const gone = (key: string): void => {
          told.delete(key);
          kind.take({ kind: "removed", key });
        };
        const [claiming, planning] = [new Follower(), new Follower()];
        const states: (readonly [state: Iterable<unknown>, was: readonly unknown[]])[] = [];
        for (const step of history) {
          if (step.kind === "put") put(step.index, step.version);
          else if (step.kind === "gone") gone(keyOf(step.index));
          else if (step.kind === "unreadable") {
            told.delete(keyOf(step.index));
            kind.take({ kind: "unreadable", key: keyOf(step.index), why: "it is odd" });
          } else if (step.kind === "relist") {
            kind.take({ kind: "problem", code: "expired", message: "410", retryInMs: 0 });
            const listed = Object.entries(step.pods).map(([name, revision]) => [Number(name), revision] as const);
            const keys = new Set(listed.map(([name]) => keyOf(name)));
            for (const key of told.keys()) if (!keys.has(key)) gone(key);
            for (const [name, revision] of listed) put(name, revision);
            kind.take({ kind: "synced", objects: listed.length });
          } else {
            const all = snapshot()?.cluster;
            if (all === undefined) throw new Error("all kinds are known");
            expect(new Map([...all.pods].map(([key, pod]) => [key, pod.labels.get("version")]))).toEqual(
              new Map([...told].map(([key, revision]) => [key, `${revision}`])),
            );
            expect(snapshot()?.cluster.pods).toBe(all.pods);
            states.push([all.pods, [...all.pods]]);
            const held = new Set(step.held.flatMap((name) => all.pods.get(keyOf(name)) ?? []));
            const cluster = withoutPods(all, held);
            expect(new Set(cluster.pods.values())).toEqual(
              new Set([...all.pods.values()].filter((pod) => !held.has(pod))),
            );
            counts.changes += claiming.follow(all.pods);
            if (!step.fails) counts.changes += planning.follow(cluster.pods);
            counts.looks++;
            if (held.size > 0) counts.held++;
            if (step.fails) counts.failed++;
          }
        }
        for (const [state, was] of states) expect([...state]).toEqual(was);
      }),
      { numRuns: 300 },
    );
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(500);
  });
});

/** Follows states, and compares them whole beside that. */
class Follower {
  readonly #pods = new FollowedPods("here");
  #before: ReadonlySet<Pod> = new Set();

  /** Says how many pods differed. */
  follow(all: Parameters<FollowedPods["follow"]>[0]): number {
    const list = [...all.values()];
    const [before, now] = [this.#before, new Set(list)];
    const { gone, came } = this.#pods.follow(all);
    expectSame(
      gone,
      [...before].filter((pod) => !now.has(pod)),
    );
    expectSame(
      came,
      list.filter((pod) => !before.has(pod)),
    );
    expectLocal(this.#pods.local, list);
    this.#before = now;
    return gone.length + came.length;
  }
}

/** By key, the pods of a list that policies are enforced for here. */
function expectLocal(found: readonly Pod[], list: readonly Pod[]): void {
  const wanted = list.filter((pod) => pod.node === "here" && isPolicyPod(pod));
  expectSame(found, wanted);
  expect(found.map(podKey)).toEqual(wanted.map(podKey).sort());
}

/** In any order, and by identity: an equal pod is not the same one. */
function expectSame(found: readonly Pod[], wanted: readonly Pod[]): void {
  expect(found).toHaveLength(wanted.length);
  expect(new Set([...found, ...wanted]).size).toBe(wanted.length);
}

const keyOf = (name: number): string => `space-${name % 3}/pod-${name}`;

/** Some of them are this node's, and some of those use its network in one of their versions. */
function rawPod(name: number, revision: number): KubeObject {
  const [namespace, podName] = keyOf(name).split("/") as [string, string];
  return {
    metadata: { namespace, name: podName, resourceVersion: "1", labels: { version: `${revision}` } },
    spec: {
      nodeName: name % 2 === 0 ? "here" : "there",
      ...(revision === 2 ? { hostNetwork: true } : {}),
      containers: [{ name: "c", image: "i" }],
    },
    status: { phase: "Running", podIPs: [{ ip: `10.0.0.${name}` }] },
  } as KubeObject;
}
