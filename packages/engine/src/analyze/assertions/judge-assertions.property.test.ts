import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { answerOfPair } from "../../explain/unknown/missing-facts.ts";
import type { Cluster, ClusterNode } from "../../model/cluster.ts";
import type { OtherPolicy } from "../../model/other-object.ts";
import { type Pod, podKey } from "../../model/pod.ts";
import { selects } from "../../model/selector.ts";
import { type Address, parseAddress } from "../../net/address.ts";
import { type Cidr, parseCidr } from "../../net/cidr.ts";
import { type ConnectionSet, intersect, isEmpty, isSubset, portsOf, union } from "../../net/connection-set.ts";
import { arbitraryCluster } from "../../testing/arbitrary-cluster.ts";
import { type ClusterFrame, arbitrarySelector } from "../../testing/arbitrary-parts.ts";
import { arbitraryOther, hide } from "../../testing/hidden-cluster.ts";
import { hasAddress } from "../address-intervals.ts";
import type { Assertion, AssertionEnd } from "./assertion.ts";
import type { AssertionResult } from "./assertion-result.ts";
import { judgeAssertions } from "./judge-assertions.ts";

const address = (text: string): Address => parseAddress(text) as Address;
const block = (text: string): Cidr => parseCidr(text).cidr as Cidr;
const nodes: readonly ClusterNode[] = [1, 2].map((number) => ({
  kind: "Node",
  name: `n${number}`,
  labels: new Map([["app", number === 1 ? "a" : "b"]]),
  addresses: [address(`172.18.0.${number}`)],
  podCidrs: [block(`10.0.${number}.0/24`)],
}));
const frame: ClusterFrame = {
  namespaces: ["x", "y"],
  nodes,
  pods: Array.from({ length: 7 }, (_, index) => ({
    namespace: ["x", "y"][index % 2] as string,
    name: `pod-${index}`,
    ...(index % 3 === 0 ? {} : { node: `n${index % 3}` }),
    hostNetwork: index === 4,
    addresses:
      index === 4
        ? [address("172.18.0.1")]
        : index === 5
          ? []
          : [address(`10.0.${(index % 2) + 1}.${index}`), address(`fd00::${index}`)].slice(0, index === 3 ? 1 : 2),
  })),
  outside: [address("203.0.113.10"), address("2001:db8::10")],
  ports: [53, 80],
  protocols: ["TCP", "UDP"],
  tiers: true,
};

const range = { file: { name: "t", text: "" }, start: 0, end: 0 };

/** Each block is of one address that is nobody's, or small enough to be listed. */
const blocks = ["203.0.113.10/32", "2001:db8::10/128", "10.0.1.0/28", "172.18.0.0/30"];

const arbitraryEnd: fc.Arbitrary<AssertionEnd> = fc.oneof(
  fc
    .record({
      namespace: fc.option(fc.oneof(fc.constantFrom("x", "y"), arbitrarySelector), { nil: undefined }),
      pods: fc.option(arbitrarySelector, { nil: undefined }),
    })
    .map(
      ({ namespace, pods }): AssertionEnd => ({
        kind: "selected",
        text: "selected",
        range,
        ...(namespace === undefined ? {} : { namespace }),
        ...(pods === undefined ? {} : { pods }),
      }),
    ),
  fc
    .constantFrom(...frame.pods)
    .map(({ namespace, name }): AssertionEnd => ({ kind: "named", text: "named", range, namespace, name })),
  fc
    .constantFrom(...blocks)
    .map((text): AssertionEnd => ({ kind: "addresses", text, range, intervals: [block(text)] })),
);

const somePorts: readonly (ConnectionSet | "any")[] = [
  "any",
  portsOf("TCP", [{ first: 80, last: 80 }]),
  portsOf("UDP", [{ first: 53, last: 80 }]),
];

const arbitraryAssertion: fc.Arbitrary<Assertion> = fc
  .record({
    effect: fc.constantFrom("allow" as const, "deny" as const),
    from: fc.array(arbitraryEnd, { minLength: 1, maxLength: 2 }),
    to: fc.array(arbitraryEnd, { minLength: 1, maxLength: 2 }),
    ports: fc.constantFrom(...somePorts),
  })
  .filter(({ effect, ports }) => effect === "allow" || ports !== "any")
  .map((assertion) => ({ name: "drawn", range, ...assertion }));

function podsIn(cluster: Cluster, end: AssertionEnd): Pod[] {
  return cluster.pods.filter((pod) => {
    if (end.kind === "named") return pod.namespace === end.namespace && pod.name === end.name;
    if (end.kind === "addresses") return pod.addresses.some((own) => hasAddress(end.intervals, own));
    if (end.kind === "world") return false;
    const labels = cluster.namespaces.get(pod.namespace)?.labels ?? new Map<string, string>();
    const inNamespace =
      end.namespace === undefined ||
      (typeof end.namespace === "string" ? end.namespace === pod.namespace : selects(end.namespace, labels));
    return inNamespace && (end.pods === undefined || selects(end.pods, pod.labels));
  });
}

/** Every address of the small blocks that is no pod's. */
function strangersIn(cluster: Cluster, end: AssertionEnd): Endpoint[] {
  if (end.kind !== "addresses") return [];
  const all = [
    ...frame.outside,
    ...Array.from({ length: 16 }, (_, index) => address(`10.0.1.${index}`)),
    ...Array.from({ length: 4 }, (_, index) => address(`172.18.0.${index}`)),
  ];
  const taken = new Set(
    cluster.pods
      .filter(({ hostNetwork }) => !hostNetwork)
      .flatMap(({ addresses }) => addresses.map((own) => JSON.stringify(own))),
  );
  return all
    .filter((own) => hasAddress(end.intervals, own) && !taken.has(JSON.stringify(own)))
    .map((own) => ({ kind: "address", address: own }));
}

function endpointsOf(cluster: Cluster, ends: readonly AssertionEnd[]): Endpoint[] {
  const pods = new Map(ends.flatMap((end) => podsIn(cluster, end)).map((pod) => [podKey(pod), pod]));
  const perFamily = [...pods.values()].flatMap((pod): Endpoint[] =>
    pod.addresses.length === 0 ? [endpointOf(pod)] : pod.addresses.map(({ family }) => endpointOf(pod, family)),
  );
  return [...perFamily, ...ends.flatMap((end) => strangersIn(cluster, end))];
}

function referenceOutcome(
  cluster: Cluster,
  others: readonly OtherPolicy[],
  { effect, from, to, ports }: Assertion,
): string {
  if ([...from, ...to].some((end) => endpointsOf(cluster, [end]).length === 0)) return "empty";
  let pairs = 0;
  let failing = 0;
  let unknown = 0;
  for (const source of endpointsOf(cluster, from)) {
    for (const destination of endpointsOf(cluster, to)) {
      if (source.kind === "address" && destination.kind === "address") continue;
      if (source.kind === "pod" && destination.kind === "pod" && podKey(source.pod) === podKey(destination.pod))
        continue;
      const [a, b] = [source.address?.family, destination.address?.family];
      if (a !== undefined && b !== undefined && a !== b) continue;
      pairs++;
      const { certain, uncertain } = answerOfPair(cluster, others, source, destination);
      const holds = (set: ConnectionSet): boolean =>
        ports === "any" ? !isEmpty(set) : effect === "allow" ? isSubset(ports, set) : isEmpty(intersect(ports, set));
      const possible = union(certain, uncertain);
      const isFailing = effect === "allow" ? !holds(possible) : ports !== "any" && !isEmpty(intersect(ports, certain));
      if (isFailing) failing++;
      else if (!holds(certain) || !holds(possible)) unknown++;
    }
  }
  return pairs === 0 ? "empty" : failing > 0 ? "failed" : unknown > 0 ? "unknown" : "passed";
}

/** Holds outcomes against what the reference evaluator says; gives them. */
function checkedOutcomes(
  cluster: Cluster,
  others: readonly OtherPolicy[],
  all: readonly Assertion[],
): readonly AssertionResult["outcome"][] {
  return judgeAssertions(cluster, all, others).map(({ outcome, counterExample }, index) => {
    const assertion = all[index] as Assertion;
    expect({ outcome, assertion }).toEqual({ outcome: referenceOutcome(cluster, others, assertion), assertion });
    if (counterExample === undefined) return outcome;
    const { source, destination, wrong } = counterExample;
    const { certain, uncertain } = answerOfPair(cluster, others, source, destination);
    expect(isEmpty(wrong)).toBe(false);
    const possible = union(certain, uncertain);
    const { effect } = assertion;
    expect(effect === "allow" ? isEmpty(intersect(wrong, possible)) : isSubset(wrong, certain)).toBe(true);
    return outcome;
  });
}

/** Whom an end means is known, whatever labels namespaces have. */
function isSure(end: AssertionEnd): boolean {
  return end.kind !== "selected" || typeof end.namespace !== "object";
}

describe("an assertion", () => {
  it("holds when the reference evaluator says so of every pair, family and port", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        arbitraryCluster(frame),
        fc.array(arbitraryAssertion, { minLength: 1, maxLength: 6 }),
        (cluster, all) => {
          for (const outcome of checkedOutcomes(cluster, [], all)) seen.add(outcome);
        },
      ),
      { numRuns: 100 },
    );
    expect([...seen].sort()).toEqual(["empty", "failed", "passed", "unknown"]);
  });

  it("holds when it does in every way in which namespaces may be labelled, and policies of other kinds may select", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        arbitraryCluster(frame),
        fc.constantFrom(["x"], ["y"]),
        fc.array(
          arbitraryOther.map((other): OtherPolicy => ({ ...other, requirements: [] })),
          { maxLength: 1 },
        ),
        fc.array(arbitraryAssertion, { minLength: 1, maxLength: 6 }),
        (cluster, namespaces, others, all) => {
          const hidden = hide(cluster, { namespaces, addressesOf: [], nodesOf: [] });
          const sure = all.filter(({ from, to }) => [...from, ...to].every(isSure));
          for (const outcome of checkedOutcomes(hidden, others, sure)) seen.add(outcome);
        },
      ),
      { numRuns: 50 },
    );
    expect([...seen].sort()).toEqual(["empty", "failed", "passed", "unknown"]);
  });
});
