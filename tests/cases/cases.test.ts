import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Cluster,
  type Endpoint,
  FastEvaluator,
  clusterFrom,
  connections,
  endpointAt,
  endpointOf,
  formatConnections,
  namedDestinations,
  parseAddress,
  readManifests,
  verdict,
} from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { type Expectation, parseExpectations } from "./expectation.ts";

const folders = ["./", "../../examples/"].flatMap((parent) => {
  const url = new URL(parent, import.meta.url);
  const entries = readdirSync(url, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => fileURLToPath(new URL(name, url)));
});

describe("the cases and the examples", () => {
  it("are there", () => expect(folders.length).toBeGreaterThan(60));

  it.each(folders.map((folder) => [basename(folder), folder] as const))("%s", (_, folder) => {
    const { objects, diagnostics } = readManifests(manifestsIn(folder));
    const expectations = parseExpectations(readFileSync(`${folder}/expected.txt`, "utf8"));
    const cluster = clusterFrom(objects);
    const evaluator = new FastEvaluator(cluster);
    const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => `error ${code}`);
    const lines = expectations.flatMap(({ kind, line }) => (kind === "error" ? [] : [line]));
    const answers = expectations.flatMap((expectation) => answersTo(cluster, evaluator, expectation));
    expect(errors).toEqual(expectations.flatMap(({ kind, line }) => (kind === "error" ? [line] : [])));
    expect(lines).not.toEqual([]);
    expect(answers.filter(({ got, wanted }) => got !== wanted)).toEqual([]);
  });
});

function manifestsIn(folder: string): { name: string; text: string }[] {
  const names = readdirSync(folder).filter((name) => /\.(yaml|yml|json)$/.test(name));
  return names.sort().map((name) => ({ name, text: readFileSync(`${folder}/${name}`, "utf8") }));
}

interface Answer {
  readonly line: string;
  readonly wanted: string;
  readonly got: string;
}

/** What comes out for each pair of pods that an expectation is about. */
function answersTo(cluster: Cluster, evaluator: FastEvaluator, expectation: Expectation): Answer[] {
  if (expectation.kind === "error") return [];
  const { line, from, to } = expectation;
  if (expectation.kind === "by-name") {
    return endsNamed(cluster, from).map((source) => ({
      line,
      wanted: expectation.set,
      got: byName(cluster, source, to),
    }));
  }
  return endsNamed(cluster, from).flatMap((source) =>
    endsNamed(cluster, to).map((destination) => {
      if (expectation.kind === "connections") {
        const got = formatConnections(connections(cluster, source, destination));
        const fast = formatConnections(evaluator.connections(source, destination));
        return { line, wanted: expectation.set, got: got === fast ? got : `${got}, and the fast evaluator ${fast}` };
      }
      const { port, protocol, allowed, reasons } = expectation;
      const connection = { source, destination, protocol, port };
      const answer = verdict(cluster, connection);
      const fast = evaluator.allows(connection) === answer.allowed ? "" : ", and the fast evaluator not";
      return {
        line,
        wanted: `${allowed} ${reasons.map(([direction, kind]) => `${direction}:${kind}`).join(" ")}`,
        got: `${answer.allowed} ${reasons.map(([direction]) => `${direction}:${answer[direction].reason.kind}`).join(" ")}${fast}`,
      };
    }),
  );
}

/** What a pod may reach by a name. */
function byName(cluster: Cluster, source: Endpoint, name: string): string {
  const found = source.kind === "pod" ? namedDestinations(cluster, source.pod) : [];
  return found
    .filter(({ domainNames }) => domainNames.includes(name))
    .map(({ connections: set }) => formatConnections(set))
    .join(", then ");
}

function endsNamed(cluster: Cluster, name: string): Endpoint[] {
  const address = parseAddress(name);
  if (address !== undefined) return [endpointAt(cluster, address)];
  const pods = cluster.pods.filter(
    (pod) => `${pod.namespace}/${pod.name}` === name || `${pod.namespace}/${pod.workload?.name}` === name,
  );
  if (pods.length === 0) throw new Error(`no pod is named ${name}`);
  return pods.map((pod) => endpointOf(pod));
}
