import { type AssertionResult, type Cluster, verdict } from "@podwall/engine";
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
  const { assertion, outcome, pairs, failing, counterExample } = result;
  const { name, effect, from, to, ports, range } = assertion;
  const example = counterExample && {
    source: jsonEndpoint(counterExample.source),
    destination: jsonEndpoint(counterExample.destination),
    wrong: jsonConnections(counterExample.wrong),
    verdict:
      counterExample.at &&
      jsonVerdict(
        cluster,
        verdict(cluster, {
          source: counterExample.source,
          destination: counterExample.destination,
          ...counterExample.at,
        }),
      ),
  };
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
    ...(outcome === "passed" ? {} : { reason: failureReason(result) }),
    ...(example === undefined ? {} : { counterExample: example }),
  };
}
