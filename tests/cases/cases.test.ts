import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
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

const examples = join(import.meta.dirname, "../../examples");
const upstream = join(import.meta.dirname, "upstream");
/** The folders of cases, a state of a case being one too. */
const folders = [import.meta.dirname, examples].flatMap((root) => casesUnder(root));

describe("the cases and the examples", () => {
  it("are there", () => expect(folders.length).toBeGreaterThan(120));

  it.each(folders.map(({ root, path }) => [path, root] as const))("%s", (path, root) => {
    const { objects, diagnostics } = readManifests(manifestsOf(root, path));
    const expectations = parseExpectations(readFileSync(join(root, path, "expected.txt"), "utf8"));
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

describe("the expectations of Kubernetes' own test suite", () => {
  const readme = readFileSync(join(upstream, "README.md"), "utf8");
  const listed = [...readme.matchAll(/^\| (NetworkPolicy .+) \| \[.+\]\((.+)\) \|$/gm)].map(([, spec, path]) => ({
    spec,
    path,
  }));

  it("are all in the table, once", () => {
    expect(listed).toHaveLength(48);
    expect(new Set(listed.map(({ spec }) => spec))).toHaveLength(48);
    expect(listed.map(({ path }) => path)).toEqual(
      readdirSync(upstream)
        .filter((name) => !name.includes("."))
        .sort(),
    );
  });

  it("name their spec", () => {
    const named = casesUnder(upstream).map(({ path }) => {
      const [first] = readFileSync(join(upstream, path, "expected.txt"), "utf8").split("\n");
      return { spec: first?.slice("# ".length), path: path.split(sep)[0] };
    });
    const states = named.filter(({ spec, path }) => listed.some((row) => row.spec === spec && row.path === path));
    expect(states).toEqual(named);
    expect(new Set(named.map(({ path }) => path))).toHaveLength(48);
  });
});

describe("the table of traps", () => {
  const readme = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
  const rows = readme.split("\n").filter((line) => /^\| .*\]\(/.test(line));
  const linked = rows.map((row) => [...row.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path as string));

  it("has a case for each", () => {
    const known = folders.map(({ root, path }) => join(root, path));
    expect(rows.length).toBeGreaterThan(25);
    expect(linked.flat().filter((path) => !known.includes(join(import.meta.dirname, path)))).toEqual([]);
  });
});

/** The folders with an `expected.txt`, however deep, in order. */
function casesUnder(root: string): { readonly root: string; readonly path: string }[] {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  const found = files.filter((file) => file.endsWith(`${sep}expected.txt`)).map((file) => dirname(file));
  return found.sort().map((path) => ({ root, path }));
}

/** The manifests of a case: its folder's, and those beside it when the case is one state of several. */
function manifestsOf(root: string, path: string): { name: string; text: string }[] {
  const folder = join(root, path);
  const outer = dirname(path);
  const here = readdirSync(folder).filter((name) => /\.(yaml|yml|json)$/.test(name));
  const files = here.sort().map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  return outer === "." ? files : [...manifestsOf(root, outer), ...files];
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
