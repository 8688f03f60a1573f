import { type AssertionResult, type Cluster, type CounterExample, verdict } from "@podwall/engine";
import { jsonMissingFacts } from "../explain/missing-facts-json.ts";
import { jsonEndpoint, jsonOutput, jsonPlace } from "../json.ts";
import { jsonConnections, jsonVerdict } from "../verdict-json.ts";
import { failureReason } from "./failure-text.ts";

/** What became of each assertion. */
export function assertionsJson(
  cluster: Cluster,
  results: readonly AssertionResult[],
  more: Readonly<Record<string, unknown>> = {},
): string {
  return jsonOutput("AssertionResults", {
    ok: results.every(({ outcome }) => outcome === "passed"),
    results: results.map((result) => jsonResult(cluster, result)),
    ...more,
  });
}

function jsonResult(cluster: Cluster, result: AssertionResult): Readonly<Record<string, unknown>> {
  const { assertion, outcome, pairs, failing, unknown, counterExample, unclear } = result;
  const { name, effect, from, to, ports, range } = assertion;
  return {
    name,
    effect,
    from: from.map(({ text }) => text),
    to: to.map(({ text }) => text),
    ports: ports === "any" ? "any" : jsonConnections(ports),
    place: jsonPlace(range),
    outcome,
    pairs,
    failing,
    unknown,
    ...(outcome === "passed" ? {} : { reason: failureReason(result) }),
    ...(counterExample === undefined ? {} : { counterExample: jsonExample(cluster, counterExample) }),
    ...(unclear === undefined
      ? {}
      : {
          unclear: {
            missing: jsonMissingFacts(unclear.missing),
            ...(unclear.example === undefined ? {} : { example: jsonExample(cluster, unclear.example) }),
          },
        }),
  };
}

function jsonExample(
  cluster: Cluster,
  { source, destination, wrong, at }: CounterExample,
): Readonly<Record<string, unknown>> {
  return {
    source: jsonEndpoint(source),
    destination: jsonEndpoint(destination),
    wrong: jsonConnections(wrong),
    verdict: at && jsonVerdict(cluster, verdict(cluster, { source, destination, ...at })),
  };
}
