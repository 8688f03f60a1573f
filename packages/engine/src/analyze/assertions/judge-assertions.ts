import type { Cluster } from "../../model/cluster.ts";
import { type Pod, isPolicyPod, podKey } from "../../model/pod.ts";
import {
  type ConnectionSet,
  allConnections,
  intersect,
  isEmpty,
  noConnections,
  subtract,
} from "../../net/connection-set.ts";
import { portSetHas } from "../../net/port-set.ts";
import { protocols } from "../../net/protocol.ts";
import type { Endpoint } from "../../evaluate/connection.ts";
import { endpointOf } from "../../evaluate/endpoint-of.ts";
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { Assertion } from "./assertion.ts";
import type { AssertionResult, CounterExample } from "./assertion-result.ts";
import { type EndUnit, EndUnits, familiesOf } from "./end-units.ts";

/** Judges assertions of a cluster, of every pair that they are about and of every port. */
export function judgeAssertions(cluster: Cluster, assertions: readonly Assertion[]): readonly AssertionResult[] {
  const evaluator = new FastEvaluator(cluster);
  const units = new EndUnits(cluster, evaluator);
  return assertions.map((assertion) => judge(evaluator, units, assertion));
}

function judge(evaluator: FastEvaluator, units: EndUnits, assertion: Assertion): AssertionResult {
  const emptyEnds = [...assertion.from, ...assertion.to].filter((end) => units.of([end]).length === 0);
  const sources = units.of(assertion.from);
  const destinations = units.of(assertion.to);
  let [pairs, failing] = [0, 0];
  let counterExample: CounterExample | undefined;
  for (const from of sources) {
    for (const to of destinations) {
      const count = pairCount(from, to);
      if (count === 0) continue;
      const ends = endpointPairs(from, to);
      if (ends.length === 0) continue;
      pairs += count;
      const found = ends.flatMap(([source, destination]) => {
        const wrong = wrongOf(assertion, evaluator.connections(source, destination));
        return isEmpty(wrong) ? [] : [{ source, destination, wrong }];
      });
      const [first] = found;
      if (first === undefined) continue;
      failing += count;
      counterExample ??= { ...first, ...portOf(first) };
    }
  }
  const outcome = emptyEnds.length > 0 || pairs === 0 ? "empty" : failing > 0 ? "failed" : "passed";
  return { assertion, outcome, pairs, failing, emptyEnds, ...(counterExample && { counterExample }) };
}

/** Ordered pairs of different pods; addresses have no policies, so two of them are no pair. */
function pairCount(from: EndUnit, to: EndUnit): number {
  if (from.kind === "address") return to.kind === "address" ? 0 : to.pods.length;
  if (to.kind === "address") return from.pods.length;
  const others = new Set(to.pods.map(podKey));
  const loops = from.pods.filter((pod) => others.has(podKey(pod))).length;
  return from.pods.length * to.pods.length - loops;
}

/** Stand-ins for all pairs of two units: two different pods, by each family that both have. */
function endpointPairs(from: EndUnit, to: EndUnit): readonly (readonly [Endpoint, Endpoint])[] {
  if (from.kind === "address") {
    return to.kind === "address" ? [] : podAt(to.pods[0], from.address.family).map((end) => [from, end] as const);
  }
  if (to.kind === "address") return podAt(from.pods[0], to.address.family).map((end) => [end, to] as const);
  const [source, destination] = differentPods(from.pods, to.pods);
  const [own, others] = [familiesOf(source), familiesOf(destination)];
  if (own.length === 0 && others.length === 0) return [[endpointOf(source), endpointOf(destination)]];
  const families = own.length === 0 ? others : others.length === 0 ? own : own.filter((one) => others.includes(one));
  return families.map((family) => [endpointOf(source, family), endpointOf(destination, family)]);
}

/** A pod as it meets an address of a family; nothing where it has addresses, but none of that family. */
function podAt(pod: Pod, family: 4 | 6): readonly Endpoint[] {
  const families = familiesOf(pod);
  return families.length === 0 || families.includes(family) ? [endpointOf(pod, family)] : [];
}

function differentPods(from: readonly [Pod, ...Pod[]], to: readonly [Pod, ...Pod[]]): readonly [Pod, Pod] {
  const [source] = from;
  const destination = to.find((pod) => podKey(pod) !== podKey(source));
  if (destination !== undefined) return [source, destination];
  // The only destination is the first source; there is another, or they would be no pair.
  return [from.find((pod) => podKey(pod) !== podKey(to[0])) ?? source, to[0]];
}

/** What is not as asserted of a pair that may exchange this. */
function wrongOf({ effect, ports }: Assertion, connections: ConnectionSet): ConnectionSet {
  if (ports === "any") return isEmpty(connections) ? allConnections : noConnections;
  return effect === "allow" ? subtract(ports, connections) : intersect(ports, connections);
}

const wellKnown = [443, 80].map((port) => ({ protocol: "TCP" as const, port }));

/** A port to explain: one that the destination declares, else one that people know, else the first. */
function portOf({ destination, wrong }: Omit<CounterExample, "at">): Pick<CounterExample, "at"> {
  const declared = destination.kind === "pod" && isPolicyPod(destination.pod) ? destination.pod.ports : [];
  const likely = [...declared, ...wellKnown].find(({ protocol, port }) => portSetHas(wrong[protocol], port));
  if (likely !== undefined) return { at: { protocol: likely.protocol, port: likely.port } };
  for (const protocol of protocols) {
    const [interval] = wrong[protocol];
    if (interval === undefined || interval.last === 0) continue;
    return { at: { protocol, port: Math.max(1, interval.first) } };
  }
  return {};
}
