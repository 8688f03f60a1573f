import { describe, expect, it } from "vitest";
import { podwall } from "../testing/podwall.ts";

const pod = (namespace: string, name: string, more = ""): string =>
  `{apiVersion: v1, kind: Pod, metadata: {namespace: ${namespace}, name: ${name}, labels: {app: ${name}}}${more}}`;
const policy = (spec: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: ${spec}}`;
const cilium = (spec: string): string =>
  `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: x, name: c}, spec: ${spec}}`;
const input = (...documents: readonly string[]): string => documents.join("\n---\n");

async function explain(ends: string, ...documents: readonly string[]) {
  const { code, stdout, stderr } = await podwall(`explain -f - --format json ${ends}`, input(...documents));
  expect(stderr).toBe("");
  const { answer, missing } = JSON.parse(stdout) as { answer: string; missing: { kind: string; text: string }[] };
  return { code, answer, missing: missing.map(({ kind }) => kind), texts: missing.map(({ text }) => text) };
}

const fromTeam = policy(
  "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 80}]}]}",
);

describe("an answer of podwall explain", () => {
  it("is unknown where it depends on labels of a namespace that is not in the input", async () => {
    const found = await explain("z/client x/server:80", pod("x", "server"), pod("z", "client"), fromTeam);
    expect(found).toMatchObject({ code: 1, answer: "unknown", missing: ["namespace-labels"] });
    expect(found.texts[0]).toContain("namespace z: policies ask for team");
  });

  it("is known where no labels of the namespace would change it", async () => {
    const found = await explain("z/client x/server:81", pod("x", "server"), pod("z", "client"), fromTeam);
    expect(found).toMatchObject({ code: 1, answer: "denied", missing: [] });
  });

  it("is unknown where a block may hold an address that is not given", async () => {
    const block = policy("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}");
    const server = pod("x", "server", ", status: {podIP: 10.0.0.1}");
    expect(await explain("z/client x/server:80", server, pod("z", "client"), block)).toMatchObject({
      answer: "unknown",
      missing: ["pod-address"],
    });
    const known = pod("z", "client", ", status: {podIP: 10.0.0.2}");
    expect(await explain("z/client x/server:80", server, known, block)).toMatchObject({ answer: "allowed", code: 0 });
  });

  it("depends on the placement where the other end may be the pod's own node", async () => {
    const host = pod("z", "host", ", spec: {hostNetwork: true, containers: []}");
    expect(await explain("z/host x/server:80", pod("x", "server"), host, policy("{podSelector: {}}"))).toMatchObject({
      answer: "unknown",
      missing: ["placement"],
    });
    const on = (node: string) => pod("x", "server", `, spec: {nodeName: ${node}, containers: []}`);
    const placed = pod("z", "host", ", spec: {nodeName: n1, hostNetwork: true, containers: []}");
    const answer = (node: string) => explain("z/host x/server:80", on(node), placed, policy("{podSelector: {}}"));
    expect(await answer("n1")).toMatchObject({ answer: "allowed", missing: [] });
    expect(await answer("n2")).toMatchObject({ answer: "denied", missing: [] });
  });

  it("is unknown for a private address that may be a pod's, and known for a public one", async () => {
    const rule = policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}");
    expect(await explain("10.1.2.3 x/server:80", pod("x", "server"), rule)).toMatchObject({ missing: ["unknown-pod"] });
    expect(await explain("203.0.113.1 x/server:80", pod("x", "server"), rule)).toMatchObject({ answer: "denied" });
  });

  it.each([
    ["{endpointSelector: {matchLabels: {app: server}}, ingress: [{}]}", "unknown"],
    ["{endpointSelector: {matchLabels: {'k8s:app': server}}, ingress: [{}]}", "unknown"],
    ["{endpointSelector: {matchLabels: {app: other}}, ingress: [{}]}", "allowed"],
    ["{endpointSelector: {}, egress: [{}]}", "allowed"],
    ["{endpointSelector: {}}", "unknown"],
  ])("under a CiliumNetworkPolicy of %s is %s", async (spec, answer) => {
    const found = await explain("z/client x/server:80", pod("x", "server"), pod("z", "client"), cilium(spec));
    expect(found.answer).toBe(answer);
  });

  it.each([
    ["projectcalico.org/v3", "NetworkPolicy", "{selector: \"app == 'server'\", types: [Ingress]}", "unknown"],
    ["crd.projectcalico.org/v1", "GlobalNetworkPolicy", "{selector: app == 'other'}", "allowed"],
    ["crd.projectcalico.org/v1", "GlobalNetworkPolicy", "{selector: all()}", "unknown"],
    ["security.istio.io/v1", "AuthorizationPolicy", "{selector: {matchLabels: {app: server}}}", "unknown"],
    ["security.istio.io/v1", "AuthorizationPolicy", "{selector: {matchLabels: {app: other}}}", "allowed"],
  ])("under a %s %s of %s is %s", async (apiVersion, kind, spec, answer) => {
    const other = `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {namespace: x, name: c}, spec: ${spec}}`;
    const found = await explain("z/client x/server:80", pod("x", "server"), pod("z", "client"), other);
    expect(found.answer).toBe(answer);
  });

  it("is unknown for pods of any namespace where that of such a policy is no text", async () => {
    const misread = cilium("{endpointSelector: {}, ingress: [{}]}").replace("namespace: x", "namespace: y");
    const found = await explain("z/client x/server:80", pod("x", "server"), pod("z", "client"), misread);
    expect([found.answer, found.texts[0]]).toEqual(["unknown", expect.stringMatching(/^CiliumNetworkPolicy c \(/)]);
  });

  it("stays denied where a policy of another kind can only deny", async () => {
    const istio = "{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {namespace: x, name: a}}";
    const found = await explain(
      "z/client x/server:80",
      pod("x", "server"),
      pod("z", "client"),
      policy("{podSelector: {}}"),
      istio,
    );
    expect(found).toMatchObject({ answer: "denied", missing: [] });
  });
});

describe("the coverage of a run", () => {
  const all = input(
    pod("x", "server"),
    pod("z", "client"),
    fromTeam,
    cilium("{endpointSelector: {}}"),
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: UPPER}}",
  );

  it.each(["explain -f - z/client x/server", "map -f -", "map -f - --totals", "check -"])(
    "ends podwall %s: what was used, left out, passed over and not judged by",
    async (line) => {
      const { stdout } = await podwall(line, all);
      expect(stdout).toMatch(
        /(read|1 error:) 1 file, 3 objects \(1 NetworkPolicy, 2 Pod\); left out because of errors: 1 Pod; kinds podwall does not use: 1 ConfigMap\n/,
      );
      expect(stdout).toContain("not judged by, and may change answers: CiliumNetworkPolicy x/c (<stdin>:7:1)\n");
      expect(stdout).toContain("not in the input: Namespace x, Namespace z; policies ask namespaces for team\n");
    },
  );

  it("is a field in JSON", async () => {
    for (const line of [
      "explain -f - --format json z/client x/server",
      "map -f - --format json",
      "check - --format json",
    ]) {
      const { coverage } = JSON.parse((await podwall(line, all)).stdout);
      expect(coverage).toMatchObject({
        used: { Pod: 2 },
        leftOut: { Pod: 1 },
        ignored: { ConfigMap: 1 },
        notJudged: [{ kind: "CiliumNetworkPolicy", place: { line: 7 } }],
        undeclaredNamespaces: ["x", "z"],
      });
    }
  });

  it("counts what says no kind", async () => {
    const { stderr, stdout } = await podwall("map -f -", input(pod("x", "server"), "just text"));
    expect(`${stdout}${stderr}`).toContain("left out because of errors: 1 of no kind\n");
  });

  it("names an old NetworkPolicy as an error and closes its pods", async () => {
    const old =
      "{apiVersion: extensions/v1beta1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: {podSelector: {}, ingress: [{}]}}";
    const { code, stderr } = await podwall("check -", input(pod("x", "server"), old));
    expect([code, stderr]).toEqual([1, expect.stringContaining("write `apiVersion: networking.k8s.io/v1`")]);
    expect(await explain("192.0.2.1 x/server:80", pod("x", "server"), old).catch(() => undefined)).toBeUndefined();
  });
});
