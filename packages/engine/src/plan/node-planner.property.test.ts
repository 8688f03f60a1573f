import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cluster, ClusterNode } from "../model/cluster.ts";
import { type Pod, podKey } from "../model/pod.ts";
import { type Address, formatAddress, parseAddress } from "../net/address.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import { arbitraryCluster } from "../testing/arbitrary-cluster.ts";
import type { ClusterFrame } from "../testing/arbitrary-parts.ts";
import { type Budgets, defaultBudgets } from "./budgets.ts";
import { type ClusterState, clusterState } from "./cluster-state.ts";
import type { NodePlan } from "./node-plan.ts";
import { NodePlanner } from "./node-planner.ts";
import { identityAt } from "./plan-allows.ts";
import { planNode } from "./plan-node.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const cidr = (text: string): Cidr => parseCidr(text).cidr as Cidr;
const node = (index: number): ClusterNode => ({
  kind: "Node",
  name: `node-${index}`,
  labels: new Map([["zone", `${index}`]]),
  addresses: [address(`172.18.0.${index}`), address(`fd00:18::${index}`)],
  podCidrs: [cidr(`10.244.${index}.0/24`), cidr(`fd00:${index}::/64`)],
});
const nodes = [node(1), node(2), node(3)];

const frame: ClusterFrame = {
  namespaces: ["x", "y"],
  nodes,
  pods: [1, 2, 3, 4, 5, 6, 7, 8].map((index) => {
    const home = (index % 2) + 1;
    // The last two have addresses of others, and only one address.
    const host = index > 6 ? index - 2 : index;
    const addresses = [address(`10.244.${home}.${host}`), address(`fd00:${home}::${host}`)];
    return {
      namespace: index < 4 ? "x" : "y",
      name: `pod-${index}`,
      node: `node-${home}`,
      hostNetwork: false,
      addresses: index > 6 ? addresses.slice(0, 1) : addresses,
    };
  }),
  outside: [address("203.0.113.10"), address("2001:db8::10"), address("10.244.2.250"), address("fd00:2::250")],
  ports: [53, 80, 8080],
  protocols: ["TCP", "UDP"],
  tiers: true,
};

/** What a step does to one object of the state before: nothing, takes the one of the cluster it goes to, or none. */
const choice = fc.constantFrom("stay", "go", "none");

interface Step {
  readonly target: Cluster;
  readonly choices: readonly string[];
  readonly nodes: readonly number[];
  /** Pods that are withheld from the state, as where their addresses are contested. */
  readonly held: readonly number[];
  /** Whether the state comes to the planner, or another one is there before. */
  readonly comes: boolean;
}

const arbitraryStep: fc.Arbitrary<Step> = fc.record({
  target: arbitraryCluster(frame),
  choices: fc.array(choice, { minLength: 24, maxLength: 24 }),
  nodes: fc.subarray([0, 1, 2], { minLength: 1 }),
  held: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7])),
  comes: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
});

/** The state after a step. Objects that stay are the same objects. */
function after(before: Cluster, { target, choices, nodes: kept }: Step): Cluster {
  let next = 0;
  const mixed = <T>(from: Iterable<T>, to: Iterable<T>, keyOf: (object: T) => string): T[] => {
    const objects = new Map([...from].map((object) => [keyOf(object), object]));
    const wanted = new Map([...to].map((object) => [keyOf(object), object]));
    for (const key of new Set([...objects.keys(), ...wanted.keys()])) {
      const chosen = choices[next++ % choices.length];
      const object = wanted.get(key);
      if (chosen === "none") objects.delete(key);
      else if (chosen === "go" && object !== undefined) objects.set(key, object);
    }
    return [...objects.values()];
  };
  const nameOf = (object: { readonly kind: string; readonly namespace?: string; readonly name: string }): string =>
    `${object.kind} ${object.namespace ?? ""}/${object.name}`;
  const namespaces = [...before.namespaces.values()].map((old, index) => {
    const changed = choices[index] === "go" ? target.namespaces.get(old.name) : undefined;
    return changed ?? old;
  });
  return {
    namespaces: new Map(namespaces.map((namespace) => [namespace.name, namespace])),
    nodes: new Map(kept.map((index) => [`node-${index + 1}`, nodes[index] as ClusterNode])),
    pods: mixed(before.pods, target.pods, nameOf),
    services: [],
    policies: mixed(before.policies, target.policies, nameOf),
    clusterPolicies: mixed(before.clusterPolicies, target.clusterPolicies, nameOf),
  };
}

/** The same as another state, made of it. */
function stateAfter(before: ClusterState, cluster: Cluster): ClusterState {
  const gone = [...before.pods].map(([key]) => [key, undefined] as const);
  const there = cluster.pods.map((pod) => [podKey(pod), pod] as const);
  const differing = [...new Map<string, Pod | undefined>([...gone, ...there])].filter(
    ([key, pod]) => before.pods.get(key) !== pod,
  );
  return { ...cluster, pods: before.pods.with(differing) };
}

/** Without some of its pods: as a list, and as a state. */
function without(cluster: Cluster, state: ClusterState, held: readonly number[]): [Cluster, ClusterState] {
  const keys = held.flatMap((index) => cluster.pods[index] ?? []).map(podKey);
  return [
    { ...cluster, pods: cluster.pods.filter((pod) => !keys.includes(podKey(pod))) },
    { ...state, pods: state.pods.with(keys.map((key) => [key, undefined])) },
  ];
}

/**
 * What a plan does, at the bounds of its own intervals and of another plan's, and at all pods of both. How it sorts addresses into
 * identities is its own business: it may tell some apart that are treated alike.
 */
function contentOf(plan: NodePlan, other: NodePlan): unknown {
  const { atoms: _atoms, podIdentities: _pods, identities: _identities, ruleSets, ...rest } = plan;
  const met = new Map<string, Address>();
  for (const { atoms, podIdentities } of [plan, other]) {
    for (const { first, last } of [...atoms[4], ...atoms[6]]) {
      met.set(formatAddress(first), first).set(formatAddress(last), last);
    }
    for (const [text, { address: own }] of podIdentities) met.set(text, own);
  }
  const sorted = [...met].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...rest,
    ruleSets: new Map(
      [...ruleSets].map(([key, { byIdentity, ...rules }]) => [
        key,
        { ...rules, allowed: sorted.map(([text, at]) => [text, byIdentity.get(identityAt(plan, at)) ?? rules.common]) },
      ]),
    ),
  };
}

/** Every identity that an address of a plan has is one of its identities. */
function expectItsIdentities({ atoms, podIdentities, identities }: NodePlan): void {
  const had = [...atoms[4], ...atoms[6], ...[...podIdentities].map(([, pod]) => pod)].map(({ identity }) => identity);
  for (const identity of had) expect(identities.has(identity)).toBe(true);
}

/** What the dataplane goes by: a rule set that stays allows an identity that stays what it allowed before. */
function expectSameNamesSameMeaning(before: NodePlan, plan: NodePlan): void {
  for (const [key, rules] of plan.ruleSets) {
    const old = before.ruleSets.get(key);
    if (old === undefined) continue;
    for (const identity of plan.identities) {
      if (!before.identities.has(identity)) continue;
      const allowed = rules.byIdentity.get(identity) ?? rules.common;
      expect(allowed).toEqual(old.byIdentity.get(identity) ?? old.common);
    }
  }
}

/** What is as it was is the same object; gives how many local pods are. */
function expectSameObjects(before: NodePlan, plan: NodePlan): number {
  const was = [...before.localPods.values()];
  const now = [...plan.localPods.values()];
  const areSame = now.map((pod) => {
    const old = before.localPods.get(pod.key);
    const isSame = JSON.stringify(old) === JSON.stringify(pod);
    if (isSame) expect(pod).toBe(old);
    return isSame;
  });
  if (areSame.every((isSame, index) => isSame && was[index] === now[index]) && was.length === now.length) {
    expect(plan.localPods).toBe(before.localPods);
  }
  return areSame.filter((isSame) => isSame).length;
}

/** How many rules there are, more or less. */
function questionsIn({ ruleSets }: NodePlan): number {
  return [...ruleSets.keys()].join("\n").split("\n").length;
}

/** How many pods' entries are as they were. */
function unmoved(before: NodePlan, plan: NodePlan): number {
  return [...before.podIdentities].filter(([text, { identity }]) => plan.podIdentities.get(text)?.identity === identity)
    .length;
}

const budgets: fc.Arbitrary<Budgets> = fc.constantFrom(defaultBudgets, {
  ...defaultBudgets,
  rulesPerPod: 6,
  elementsPerRuleSet: 12,
  elementsPerNode: 30,
  ruleSetsPerNode: 5,
});

describe("a node planner", () => {
  it("plans each state of a cluster as one that sees that state alone, whatever came before", () => {
    const counts = { plans: 0, refused: 0, kept: 0, samePods: 0, finer: 0, unmoved: 0, held: 0, passedOver: 0 };
    fc.assert(
      fc.property(
        arbitraryCluster(frame),
        fc.array(arbitraryStep, { minLength: 1, maxLength: 6 }),
        budgets,
        (start, steps, limits) => {
          const planner = new NodePlanner("node-1", limits);
          let [cluster, state] = [start, clusterState(start)];
          let before = planner.plan(state, links);
          for (const step of steps) {
            cluster = after(cluster, step);
            state = stateAfter(state, cluster);
            if (!step.comes) {
              counts.passedOver++;
              continue;
            }
            const [known, told] = without(cluster, state, step.held);
            if (known.pods.length < cluster.pods.length) counts.held++;
            const plan = planner.plan(told, links);
            const alone = planNode(known, "node-1", links, limits);
            expect(contentOf(plan, alone)).toEqual(contentOf(alone, plan));
            expectItsIdentities(plan);
            expectSameNamesSameMeaning(before, plan);
            counts.samePods += expectSameObjects(before, plan);
            if (plan.identities.size > alone.identities.size) counts.finer++;
            if (questionsIn(plan) > questionsIn(before)) counts.unmoved += unmoved(before, plan);
            counts.plans++;
            if (plan.refused.size > 0) counts.refused++;
            for (const [key, rules] of plan.ruleSets) if (before.ruleSets.get(key) === rules) counts.kept++;
            before = plan;
          }
        },
      ),
      { numRuns: 400 },
    );
    // Each way is gone.
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(50);
  });

  it("begins anew after a failure, at whichever stage it was", () => {
    const counts = { failed: 0, plans: 0 };
    fc.assert(
      fc.property(
        arbitraryCluster(frame),
        arbitraryStep,
        fc.array(
          fc.tuple(fc.nat(7), fc.constantFrom("addresses" as const, "ports" as const, "labels" as const), fc.nat(12)),
          { maxLength: 2 },
        ),
        (start, step, faults) => {
          const planner = new NodePlanner("node-1");
          const state = clusterState(start);
          planner.plan(state, links);
          const cluster = after(start, step);
          const pods = [...cluster.pods];
          const fault = { isOver: false };
          for (const [index, property, reads] of faults) {
            const pod = pods[index];
            if (pod !== undefined) pods[index] = failing(pod, { property, reads, fault });
          }
          try {
            planner.plan(stateAfter(state, { ...cluster, pods }), links);
          } catch {
            counts.failed++;
          }
          fault.isOver = true;
          const [plan, alone] = [planner.plan(stateAfter(state, cluster), links), planNode(cluster, "node-1", links)];
          expect(contentOf(plan, alone)).toEqual(contentOf(alone, plan));
          counts.plans++;
        },
      ),
      { numRuns: 300 },
    );
    expect(Math.min(counts.failed, counts.plans - counts.failed)).toBeGreaterThan(30);
  });

  it("gives the same objects again for what stays as it is", () => {
    const [cluster] = fc.sample(arbitraryCluster(frame), { numRuns: 1, seed: 3 }) as [Cluster];
    const planner = new NodePlanner("node-1");
    const first = planner.plan(cluster, links);
    const second = planner.plan({ ...cluster, pods: [...cluster.pods] }, links);
    expect(second.podIdentities).toBe(first.podIdentities);
    expect(second.identities).toBe(first.identities);
    expect(second.atoms[4]).toBe(first.atoms[4]);
    for (const [key, rules] of second.ruleSets) expect(rules).toBe(first.ruleSets.get(key));
  });
});

const links = { interfaceOf: (pod: { readonly name: string }): string => `veth-${pod.name}` };

/** An object of which a property can be read so many times until the fault is over. */
function failing<T extends object>(
  object: T,
  { property, reads, fault }: { property: keyof T; reads: number; fault: { readonly isOver: boolean } },
): T {
  let left = reads;
  return new Proxy(object, {
    get: (target, key) => {
      if (key === property && !fault.isOver && left-- === 0) throw new Error("it cannot be read");
      return Reflect.get(target, key);
    },
  });
}
