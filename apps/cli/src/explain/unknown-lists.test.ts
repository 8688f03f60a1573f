import { describe, expect, it } from "vitest";
import { podwall } from "../testing/podwall.ts";

const pod = (namespace: string, name: string, more = ""): string =>
  `{apiVersion: v1, kind: Pod, metadata: {namespace: ${namespace}, name: ${name}, labels: {app: ${name}}}${more}}`;
const at = (address: string): string => `, status: {podIP: ${address}}`;
const namespace = (name: string): string => `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}}}`;
const policy = (spec: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: ${spec}}`;
const cilium = (of: string): string =>
  `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: ${of}, name: c}, spec: {endpointSelector: {}, egress: [{}]}}`;
const byName = (subject: string, first = ""): string =>
  `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: names}, spec: {tier: Admin, priority: 1, subject: {namespaces: ${subject}}, egress: [${first}{action: Accept, to: [{domainNames: ["a.example.org"]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}, {action: Deny, to: [{networks: ["0.0.0.0/0", "::/0"]}]}]}}`;
const fromTeam = policy(
  "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 80}]}]}",
);
const all = "{matchLabels: {kubernetes.io/metadata.name: x}}";

async function explain(question: string, ...documents: readonly string[]) {
  const run = await podwall(`explain -f - ${question}`, documents.join("\n---\n"));
  return { ...run, lines: run.stdout.split("\n") };
}

describe("a list of podwall explain", () => {
  it("has those of which it is not known, with a note of what it depends on", async () => {
    const { code, lines } = await explain("--to x/server:80", pod("x", "server"), pod("z", "client"), fromTeam);
    expect(code).toBe(1);
    expect(lines).toContain("  z/client  unknown: TCP 80 [1]");
    expect(lines).toContain("0 of 1 pod, 1 unknown");
    expect(lines.find((line) => line.startsWith("[1] "))).toContain("the labels of namespace z: policies ask for team");
  });

  it("names no fact that matters only to other ports", async () => {
    const both = policy(
      "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: 80}]}, {from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 443}]}]}",
    );
    const kinds = async (question: string): Promise<readonly string[]> => {
      const { stdout } = await explain(`--format json ${question}`, pod("x", "server"), pod("z", "client"), both);
      return (JSON.parse(stdout) as { missing: { kind: string }[] }).missing.map(({ kind }) => kind);
    };
    expect(await kinds("--to x/server")).toEqual(["namespace-labels", "pod-address", "unknown-pods"]);
    expect(await kinds("--to x/server:80")).toEqual(["namespace-labels", "unknown-pods"]);
    expect(await kinds("--to x/server:443")).toEqual(["pod-address"]);
  });

  it("says of private addresses that they may be those of pods, and nothing of public ones", async () => {
    const { lines } = await explain(
      "--to x/server",
      namespace("x"),
      pod("x", "server"),
      policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"),
    );
    expect(lines).toContain("  10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12, 192.168.0.0/16; fc00::/7  unknown: all [1]");
    expect(lines.find((line) => line.startsWith("[1] "))).toContain("whether these addresses are pods'");
    const outside = await explain(
      "world x/server",
      namespace("x"),
      pod("x", "server"),
      policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"),
    );
    expect([outside.code, outside.lines[0]]).toEqual([1, "world -> x/server: denied"]);
  });

  it("is unknown where a policy that is not judged by may select an end", async () => {
    const documents = [pod("x", "server"), pod("z", "client"), cilium("z")];
    const from = await explain("--from z/client", ...documents);
    expect([from.code, from.lines.slice(0, 4)]).toEqual([
      1,
      [
        "z/client may reach",
        "  x/server       unknown: all [1]",
        "  every address  unknown: all [1]",
        "0 of 1 pod, 1 unknown",
      ],
    ]);
    expect(from.lines[4]).toContain(
      "CiliumNetworkPolicy z/c (<stdin>:5:1) may allow or deny it: it may select z/client",
    );
    expect((await explain("z/client world", ...documents)).lines[0]).toBe("z/client -> world: unknown");
    expect((await explain("--from x/server", ...documents)).code).toBe(0);
  });

  it("says what is missing once for all pods and namespaces that it is about", async () => {
    const clients = ["a", "b", "c", "d", "e"].map((name) => pod(`z-${name}`, "client"));
    const { lines } = await explain("--to x/server:80", pod("x", "server"), ...clients, fromTeam);
    expect(lines).toContain("  z-e/client  unknown: TCP 80 [1]");
    expect(lines).toContain(
      "[1] the labels of namespaces z-a, z-b, z-c and 2 others: policies ask for team, and their Namespace objects are not in the input",
    );
  });

  it("has names whose addresses other rules tell apart as unknown, and others as known", async () => {
    const documents = [namespace("x"), pod("x", "client", at("10.0.0.1"))];
    const known = await explain("--from x/client", ...documents, byName(all));
    expect(known.lines).toContain("  a.example.org  TCP 443 by name");
    const denied = '{action: Deny, to: [{networks: ["203.0.113.0/24"]}]}, ';
    const open = await explain("--from x/client", ...documents, byName(all, denied));
    expect(open.lines).toContain("  a.example.org  unknown: TCP 443 [1] by name");
    expect(open.lines.find((line) => line.startsWith("[1] "))).toContain("which addresses a.example.org stands for");
  });

  it("has names as unknown where the labels of the namespace say whether rules are for it", async () => {
    const { lines } = await explain(
      "--from x/client",
      pod("x", "client", at("10.0.0.1")),
      byName("{matchLabels: {team: a}}"),
    );
    expect(lines).toContain("  a.example.org  unknown: TCP 443 [1] by name");
    expect(lines.find((line) => line.startsWith("[1] "))).toContain("the labels of namespace x: policies ask for team");
  });
});

describe("the blast radius of a pod", () => {
  const web = pod("x", "web", at("10.0.0.1"));
  const [back, deep] = [pod("z", "back", at("10.0.0.2")), pod("q", "deep", at("10.0.0.3"))];
  const isolated = (of: string, from: string): string =>
    `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: ${of}, name: p}, spec: {podSelector: {}, ingress: [{from: [${from}]}]}}`;
  const named = (name: string): string => `{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${name}}}}`;

  it("has what is reached through an end that may be reached as unknown too", async () => {
    const documents = [
      web,
      back,
      deep,
      namespace("z"),
      namespace("q"),
      isolated("z", "{namespaceSelector: {matchLabels: {team: a}}}"),
      isolated("q", named("z")),
    ];
    const { lines } = await explain("--blast-radius x/web", ...documents);
    expect(lines.slice(1, 5)).toEqual([
      "directly:",
      "  z/back  unknown: all [1]",
      "in 2 steps:",
      "  q/deep  unknown: all [1]; by z/back",
    ]);
    expect(lines).toContain("0 of 2 other pods in at most 3 steps, 2 unknown");
    expect(lines.find((line) => line.startsWith("[1] "))).toContain("the labels of namespace x");
  });

  it("says in how many steps less an end may be reached", async () => {
    const documents = [
      web,
      back,
      deep,
      namespace("z"),
      namespace("q"),
      isolated("q", `${named("z")}, {namespaceSelector: {matchLabels: {team: a}}}`),
    ];
    const { lines, code } = await explain("--blast-radius x/web", ...documents);
    expect(code).toBe(0);
    expect(lines).toContain("  q/deep  all; by z/back; maybe in 1 step [1]");
  });
});

describe("a pod that is not there yet", () => {
  it("has an address, and labels of its namespace, that are not known", async () => {
    const block = policy("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 443}]}]}");
    const documents = [namespace("x"), pod("x", "server", at("10.0.0.1")), block];
    const { lines } = await explain("--new-pod -n x", ...documents);
    expect(lines).toContain("  x/server       unknown: TCP 443 [1]");
    expect(lines.find((line) => line.startsWith("[1] "))).toContain("the address of x/new-pod");
    const labels = await explain("--new-pod -n z", namespace("x"), pod("x", "server", at("10.0.0.1")), fromTeam);
    expect(labels.lines).toContain("  x/server       unknown: TCP 80 [1]");
    const given = await explain(
      "--new-pod -n z --labels app=a",
      namespace("x"),
      pod("x", "server", at("10.0.0.1")),
      fromTeam,
    );
    expect(given.lines).toContain("  x/server       unknown: TCP 80 [1]");
  });
});

describe("any new pod of an input with very many namespaces", () => {
  it("is asked about one of them", async () => {
    const pods = Array.from({ length: 500 }, (_, index) => pod(`ns-${index}`, "web"));
    const all = await explain("--new-pod", ...pods);
    expect([all.code, all.stderr]).toEqual([2, expect.stringContaining("the input has 500 namespaces")]);
    expect((await explain("--new-pod -n ns-1", ...pods)).code).toBe(0);
  });
});

describe("the ways from outside to a Service", () => {
  it("are unknown where a step depends on what is not known", async () => {
    const documents = [
      pod("x", "server"),
      "{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web}, spec: {type: LoadBalancer, selector: {app: server}, ports: [{port: 80}]}}",
      cilium("x").replace("egress", "ingress"),
    ];
    const { stdout, code } = await explain("world x/svc/web", ...documents);
    expect(code).toBe(1);
    expect(stdout).toContain("by itself, type LoadBalancer, port 80: unknown\n");
    expect(stdout).toContain("unknown; depends on CiliumNetworkPolicy x/c (<stdin>:5:1) may allow or deny it");
  });
});
