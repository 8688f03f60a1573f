import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { podwall } from "./testing/podwall.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "podwall-unknown-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const pod = (namespace: string, name: string, more = ""): string =>
  `{apiVersion: v1, kind: Pod, metadata: {namespace: ${namespace}, name: ${name}, labels: {app: ${name}}}${more}}`;
const namespace = (name: string, labels: string): string =>
  `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {${labels}}}}`;
const closed = (name: string, spec: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: ${name}}, spec: ${spec}}`;

/** Holds manifests against one assertion; gives its result. */
async function judged(assertion: string, ...documents: readonly string[]) {
  const file = join(folder, "assertions.yaml");
  writeFileSync(file, `assertions:\n  - ${assertion}\n`);
  const line = `test -f - --assertions ${file} --format`;
  const { code, stdout } = await podwall(`${line} json`, documents.join("\n---\n"));
  const [result] = (JSON.parse(stdout) as { results: readonly Record<string, unknown>[] }).results;
  const texts = (result?.unclear as { missing: { text: string }[] } | undefined)?.missing.map(({ text }) => text);
  return {
    code,
    ...result,
    texts,
    as: async (format: string) => (await podwall(`${line} ${format}`, documents.join("\n---\n"))).stdout,
  };
}

const byTeam = closed(
  "web",
  "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: data}}}]}]}",
);
const cronToWeb = "{name: cron stays out, deny: {from: jobs/cron, to: shop/web}}";

describe("an assertion that depends on what the input does not say", () => {
  it("cannot be shown where policies ask for labels of a namespace that is not in the input", async () => {
    const unknown = await judged(cronToWeb, pod("shop", "web"), pod("jobs", "cron"), byTeam);
    expect(unknown).toMatchObject({ code: 1, outcome: "unknown", pairs: 1, failing: 0, unknown: 1 });
    expect(unknown.texts).toEqual([
      "the labels of namespace jobs: policies ask for team, and its Namespace object is not in the input",
    ]);
    const known = [pod("shop", "web"), pod("jobs", "cron"), byTeam];
    expect(await judged(cronToWeb, ...known, namespace("jobs", "team: a"))).toMatchObject({
      code: 0,
      outcome: "passed",
    });
    expect(await judged(cronToWeb, ...known, namespace("jobs", "team: data"))).toMatchObject({
      code: 1,
      outcome: "failed",
    });
  });

  it("is judged where these can change nothing of it", async () => {
    const toDb = "{deny: {from: jobs/cron, to: shop/db}}";
    const db = closed("db", "{podSelector: {matchLabels: {app: db}}}");
    const all = [pod("shop", "web"), pod("shop", "db"), pod("jobs", "cron"), byTeam, db];
    expect(await judged(toDb, ...all)).toMatchObject({ code: 0, outcome: "passed", unknown: 0 });
  });

  it("cannot be shown where it asks itself for labels of such a namespace", async () => {
    const deny = "{deny: {from: {namespaces: {env: dev}}, to: shop/web}}";
    const unknown = await judged(deny, pod("shop", "web"), pod("jobs", "cron"));
    expect(unknown).toMatchObject({ code: 1, outcome: "unknown", pairs: 0, unknown: 1 });
    expect(unknown.texts).toEqual([
      "the labels of namespace jobs: an assertion asks for env, and its Namespace object is not in the input",
    ]);
    // Nothing reaches the pod, but whether anybody is meant is not known.
    const nobody = await judged(deny, pod("shop", "web"), pod("jobs", "cron"), closed("none", "{podSelector: {}}"));
    expect(nobody).toMatchObject({ code: 1, outcome: "unknown", reason: expect.stringContaining("anybody") });
    const known = [pod("shop", "web"), pod("jobs", "cron"), closed("none", "{podSelector: {}}")];
    expect(await judged(deny, ...known, namespace("jobs", "env: dev"))).toMatchObject({ outcome: "passed" });
    expect(await judged(deny, ...known, namespace("jobs", ""), namespace("shop", ""))).toMatchObject({
      outcome: "empty",
    });
    const byName = "{deny: {from: {namespaces: {kubernetes.io/metadata.name: jobs}}, to: shop/web}}";
    expect(await judged(byName, ...known)).toMatchObject({ outcome: "passed" });
  });

  it("cannot be shown where a policy of another kind, an address or a node may decide", async () => {
    const cilium = `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: shop, name: c}, spec: {endpointSelector: {}, ingress: [{}]}}`;
    const closedWeb = closed("web", "{podSelector: {matchLabels: {app: web}}}");
    const found = await judged(cronToWeb, pod("shop", "web"), pod("jobs", "cron"), closedWeb, cilium);
    expect(found).toMatchObject({ outcome: "unknown", texts: [expect.stringContaining("CiliumNetworkPolicy shop/c")] });
    const world = "{allow: {from: world, to: shop/web, ports: TCP 80}}";
    expect(await judged(world, pod("shop", "web"), cilium)).toMatchObject({ outcome: "unknown" });
    const block = closed("web", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}");
    expect(await judged(cronToWeb, pod("shop", "web"), pod("jobs", "cron"), block)).toMatchObject({
      outcome: "unknown",
      texts: [expect.stringContaining("the address of jobs/cron")],
    });
    const everything = closed("web", "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}");
    expect(await judged(cronToWeb, pod("shop", "web"), pod("jobs", "cron"), everything)).toMatchObject({
      outcome: "failed",
    });
    const host = pod("jobs", "cron", ", spec: {hostNetwork: true, containers: []}");
    expect(await judged(cronToWeb, pod("shop", "web"), host, closedWeb)).toMatchObject({
      outcome: "unknown",
      texts: [expect.stringContaining("whether shop/web runs on the node of jobs/cron")],
    });
  });

  it("is a failure in every format, with the fact", async () => {
    const { as } = await judged(cronToWeb, pod("shop", "web"), pod("jobs", "cron"), byTeam);
    const fact = "the labels of namespace jobs";
    const text = await as("text");
    expect(text).toMatch(/^UNKNOWN cron stays out .*\n {6}it cannot be shown: of 1 pair it is not known/);
    expect(text).toContain(`        ${fact}`);
    expect(text).toContain("1 assertion: 0 passed, 1 cannot be shown\n");
    expect(await as("junit")).toMatch(new RegExp(`<failure type="unknown" message="it cannot be shown[^]*${fact}`));
    expect(await as("markdown")).toMatch(new RegExp(`\\*\\*unknown\\*\\* \\| cron stays out[^]*${fact}`));
    expect(await as("github")).toMatch(new RegExp(`^::error [^]*${fact}`));
  });
});
