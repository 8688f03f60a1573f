import type { Cluster } from "../../model/cluster.ts";
import { isPolicyPod } from "../../model/pod.ts";
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
import { FastEvaluator } from "../../evaluate/fast/fast-evaluator.ts";
import type { Assertion } from "./assertion.ts";
import type { AssertionResult, CounterExample } from "./assertion-result.ts";
import { type EndUnit, EndUnits, dependsOnNode } from "./end-units.ts";
import { UnitPairs, endpointPairs, pairCount } from "./unit-pairs.ts";

/** Judges assertions of a cluster, of every pair that they are about and of every port. */
export function judgeAssertions(cluster: Cluster, assertions: readonly Assertion[]): readonly AssertionResult[] {
  const evaluator = new FastEvaluator(cluster);
  const units = new EndUnits(cluster, evaluator);
  const pairs = new UnitPairs(evaluator);
  return assertions.map((assertion) => judge(pairs, units, assertion));
}

function judge(unitPairs: UnitPairs, units: EndUnits, assertion: Assertion): AssertionResult {
  const emptyEnds = [...assertion.from, ...assertion.to].filter((end) => units.isEmpty(end));
  const destinations = units.of(assertion.to);
  const wrong = new Map<ConnectionSet, ConnectionSet>();
  let [pairs, failing] = [0, 0];
  let counterExample: CounterExample | undefined;
  const judgePair = (from: EndUnit, to: EndUnit): void => {
    const count = pairCount(from, to);
    if (count === 0) return;
    const found = unitPairs.connections(from, to);
    if (found.length === 0) return;
    pairs += count;
    for (let index = 0; index < found.length; index++) {
      const set = found[index] as ConnectionSet;
      let left = wrong.get(set);
      if (left === undefined) wrong.set(set, (left = wrongOf(assertion, set)));
      if (isEmpty(left)) continue;
      failing += count;
      const ends = counterExample === undefined ? endpointPairs(from, to)[index] : undefined;
      if (ends !== undefined) counterExample = counterExampleOf(ends, left);
      return;
    }
  };
  for (const from of units.of(assertion.from)) {
    for (const to of destinations) {
      if (!dependsOnNode(from, to)) judgePair(from, to);
      else for (const one of units.byNode(from)) for (const other of units.byNode(to)) judgePair(one, other);
    }
  }
  const outcome = emptyEnds.length > 0 || pairs === 0 ? "empty" : failing > 0 ? "failed" : "passed";
  return { assertion, outcome, pairs, failing, emptyEnds, ...(counterExample && { counterExample }) };
}

function counterExampleOf([source, destination]: readonly [Endpoint, Endpoint], wrong: ConnectionSet): CounterExample {
  return { source, destination, wrong, ...portOf({ source, destination, wrong }) };
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
