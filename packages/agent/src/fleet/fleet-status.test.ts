import { describe, expect, it } from "vitest";
import { answerOf } from "./agent-answer.ts";
import { fleetStatus, isAllEnforced } from "./fleet-status.ts";
import type { NodeAnswer } from "./fleet.ts";
import type { Written } from "./written-policies.ts";

function writtenAs(names: readonly string[], unserved: readonly string[] = []): Written {
  const policies = names.map(
    (name) =>
      [
        `NetworkPolicy shop/${name}`,
        { kind: "NetworkPolicy", namespace: "shop", name, uid: "u2", generation: 2, resourceVersion: "9" },
      ] as const,
  );
  return { policies: new Map(policies), unserved: new Set(unserved) };
}
const written = writtenAs(["web"]);

function answered(node: string, policies: readonly object[], fields: object = {}): NodeAnswer {
  const named = policies.map((policy) => ({ kind: "NetworkPolicy", namespace: "shop", name: "web", ...policy }));
  const answer = answerOf({ kind: "AgentState", node, ready: true, policies: named, ...fields });
  if (answer === undefined) throw new Error("no answer");
  return { kind: "answered", node, answer };
}

function missing(answers: readonly NodeAnswer[]): (string | undefined)[] {
  return fleetStatus(written, answers).policies.flatMap((policy) => policy.missing.map(({ because }) => because));
}

describe("what a fleet enforces", () => {
  it("is all where each node has this generation as written, or a newer one", () => {
    const status = fleetStatus(written, [
      answered("a", [{ generation: 2, enforced: "as written", latencyMs: 12 }]),
      answered("b", [{ generation: 3, enforced: "as written", latencyMs: 40.5 }]),
    ]);
    expect(status.policies).toMatchObject([{ enforcedOn: 2, of: 2, latencyMs: 40.5, missing: [] }]);
    expect(isAllEnforced(status)).toBe(true);
  });

  it("says of each other node why not", () => {
    const answers: NodeAnswer[] = [
      answered("a", [{ generation: 1, enforced: "as written" }]),
      answered("b", [{ generation: 2, enforced: "closed", because: "it is bad" }]),
      answered("c", [{ generation: 2, enforced: "last good version" }]),
      answered("d", []),
      { kind: "no agent", node: "e" },
      { kind: "no answer", node: "f", because: "503: away" },
    ];
    expect(missing(answers)).toEqual([
      "it enforces generation 1",
      "it closes the policy's pods: it is bad",
      "it enforces the last good version",
      "its agent does not know this policy yet",
      "it has no agent",
      "503: away",
    ]);
    expect(isAllEnforced(fleetStatus(written, answers))).toBe(false);
  });

  it("says of what an agent knows nothing new, though all that it knows is in force", () => {
    const stale = {
      sources: { pods: { synced: true }, networkpolicies: { synced: true } },
      troubles: [
        { about: "Pod shop/odd", message: "its labels are no mapping" },
        { about: "networkpolicies", message: "networkpolicies: no right to list" },
      ],
    };
    const status = fleetStatus(written, [
      answered("a", [{ generation: 1, enforced: "as written" }], stale),
      answered("b", [], stale),
      answered(
        "c",
        [
          { generation: 2, enforced: "as written" },
          { name: "old", enforced: "as written" },
        ],
        stale,
      ),
    ]);
    expect(status.nodes[0]).toMatchObject({ state: "ready", because: "networkpolicies: no right to list" });
    expect(status.policies[0]?.missing.map(({ because }) => because)).toEqual([
      "it enforces generation 1: networkpolicies: no right to list",
      "networkpolicies: no right to list",
    ]);
    expect(status.deletedPolicies[0]?.stillOn).toEqual([{ node: "c", because: "networkpolicies: no right to list" }]);
  });

  it("is not all where a node enforces an earlier policy of the same name, whatever its generation", () => {
    const earlier = [{ uid: "u1", generation: 7, enforced: "as written" }];
    const sources = (version: number): object => ({ networkpolicies: { synced: true, objects: 1, version } });
    const another = "it enforces another policy of this name";
    expect(missing([answered("a", earlier)])).toEqual([another]);
    expect(missing([answered("a", earlier, { sources: sources(8) })])).toEqual([another]);
    expect(missing([answered("a", earlier, { sources: sources(9), pending: true })])).toEqual([another]);
    expect(missing([answered("a", [{ ...earlier[0], uid: "u2" }])])).toEqual([]);
    // A later one, which was written after this was asked for.
    expect(missing([answered("a", [{ ...earlier[0], uid: "u3" }], { sources: sources(9) })])).toEqual([]);
  });

  it("is not all where an agent is not ready, though no policy lacks", () => {
    const status = fleetStatus(writtenAs([]), [answered("a", [], { ready: false, because: "not in sync: pods" })]);
    expect(status.nodes).toMatchObject([{ state: "not ready", because: "not in sync: pods" }]);
    expect(isAllEnforced(status)).toBe(false);
  });

  it("is not all where a node enforces what is deleted, and says why as far as the agent tells", () => {
    const web = { enforced: "as written", generation: 2 };
    const old = { name: "old", enforced: "as written" };
    const answers: NodeAnswer[] = [
      answered("a", [web, old]),
      answered("b", [web, old], { pending: true }),
      answered("c", [web, old], { ready: false, because: "the last change is not in force: no memory" }),
      answered("d", [web]),
      answered("e", [web, { kind: "ClusterNetworkPolicy", namespace: undefined, name: "wall" }]),
    ];
    const status = fleetStatus(written, answers);
    expect(status.deletedPolicies).toEqual([
      {
        kind: "NetworkPolicy",
        namespace: "shop",
        name: "old",
        stillOn: [
          { node: "a", because: "its agent was not told of the deletion yet" },
          { node: "b", because: "its agent is putting a change in force" },
          { node: "c", because: "the last change is not in force: no memory" },
        ],
      },
      {
        kind: "ClusterNetworkPolicy",
        name: "wall",
        stillOn: [{ node: "e", because: "its agent was not told of the deletion yet" }],
      },
    ]);
    expect(isAllEnforced(fleetStatus(written, [answered("a", [web])]))).toBe(true);
    expect(isAllEnforced(fleetStatus(written, [answered("a", [web, old])]))).toBe(false);
  });

  it("says where a policy may be there in a version that is not read", () => {
    const wall = { kind: "ClusterNetworkPolicy", namespace: undefined, name: "wall" };
    const status = fleetStatus(writtenAs([], ["ClusterNetworkPolicy"]), [answered("a", [wall])]);
    const because = "the API server does not serve ClusterNetworkPolicy in the version that is read";
    expect(status.deletedPolicies).toMatchObject([{ name: "wall", stillOn: [{ node: "a", because }] }]);
  });

  it("takes nothing for deleted that was written after it was asked for", () => {
    const young = { name: "young", enforced: "as written" };
    const answers = [answered("a", [{ generation: 2, enforced: "as written" }, young])];
    const status = fleetStatus(written, answers, writtenAs(["web", "young"]));
    expect(status.deletedPolicies).toEqual([]);
    expect(isAllEnforced(status)).toBe(true);
  });

  it("takes nothing for an answer that is none", () => {
    expect(answerOf(undefined)).toBeUndefined();
    expect(answerOf({ kind: "Pod", node: "a" })).toBeUndefined();
    const odd = { kind: "AgentState", node: "a", sources: [], policies: { a: 1 }, closedPods: [7] };
    expect(answerOf(odd)).toMatchObject({ ready: false, closedPods: [{ pod: "", because: "" }] });
  });
});
