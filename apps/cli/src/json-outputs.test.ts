import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runPodwall } from "./run-podwall.ts";
import { documentedKinds, schemaErrors } from "./testing/output-schema.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const bad =
  "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {ingress: [{ports: [{protocol: tcp}]}]}\n";

/** Namespaces without their objects, pods without addresses, a policy that is not judged by. */
const loose = `
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: server, labels: {app: server}}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: z, name: client, labels: {app: client}}}
---
{apiVersion: v1, kind: Service, metadata: {namespace: x, name: web}, spec: {type: LoadBalancer, selector: {app: server}, ports: [{port: 80}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: x, name: p}
spec:
  podSelector: {}
  ingress:
    - from: [{namespaceSelector: {matchLabels: {team: a}}}, {ipBlock: {cidr: 10.0.0.0/8}}]
---
{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: x, name: c}, spec: {endpointSelector: {}, ingress: [{}]}}
`;

async function text(line: string, stdin = ""): Promise<string> {
  let stdout = "";
  const ignore = { write: () => undefined };
  await runPodwall(line.split(" "), {
    process: { stdout: { write: (part: string) => void (stdout += part) }, stderr: ignore, env: {} },
    cwd: root,
    readStdin: () => Promise.resolve(stdin),
  });
  return stdout;
}

async function json(line: string, stdin = bad): Promise<{ readonly kind: string }> {
  return JSON.parse(await text(`${line} --format json`, stdin));
}

/** What each command that prints JSON does. */
const outputs: Readonly<Record<string, readonly (readonly [line: string, kind: string])[]>> = {
  check: [["check examples/online-shop -", "CheckResult"]],
  explain: [
    ["explain -f examples/or-trap team-b/console vault:8200", "Verdict"],
    ["explain -f examples/or-trap team-a/website vault:8200", "Verdict"],
    ["explain -f tests/cases/tier-admin-network-policy w/client x/web:9000", "Verdict"],
    ["explain -f examples/online-shop web/storefront shop/basket", "Connections"],
    ["explain -f examples/or-trap --edit --dialect cilium team-a/website vault:8200", "Verdict"],
    ["explain -f examples/online-shop --to data/orders-db", "Reach"],
    ["explain -f examples/online-shop world web/gateway:8443", "Reach"],
    ["explain -f examples/online-shop --blast-radius web/storefront", "BlastRadius"],
    ["explain -f examples/online-shop --new-pod -n web", "NewPod"],
    ["explain -f examples/online-shop --new-pod -n web --labels app=storefront", "NewPod"],
    ["explain -f examples/online-shop world web/svc/gateway", "WaysIn"],
    ["explain -f examples/online-shop web/gateway web/svc/storefront", "ServiceVerdicts"],
  ],
  map: [
    ["map -f examples/online-shop", "ConnectionMap"],
    ["map -f tests/cases/tier-domain-names-are-by-name", "ConnectionMap"],
    ["map -f examples/online-shop --totals", "NamespaceTotals"],
  ],
  diff: [
    ["diff examples/redis-only/pods.yaml examples/redis-only", "ClusterDiff"],
    ["diff tests/cases/tier-domain-names-are-by-name examples/redis-only", "ClusterDiff"],
  ],
  test: [
    [
      "test -f examples/dev-prod-isolation --assertions examples/dev-prod-isolation/podwall-test.yaml",
      "AssertionResults",
    ],
    ["test -f examples/redis-only --assertions examples/dev-prod-isolation/podwall-test.yaml", "AssertionResults"],
  ],
};

/** Those that need a cluster or packets: their tests hold real outputs to the schema. */
const elsewhere: Readonly<Record<string, string>> = {
  lab: "LabResult",
  status: "ClusterStatus",
  probe: "ProbeReport",
  doctor: "DoctorReport",
};

describe("the JSON of a command is as the schema in the docs says", () => {
  it.each(Object.values(outputs).flat())("podwall %s", async (line, kind) => {
    const output = await json(line);
    expect([output.kind, schemaErrors(output)]).toEqual([kind, []]);
  });

  it("also where not all is known", async () => {
    const lines = [
      "--to x/server",
      "--from z/client",
      "--blast-radius z/client",
      "--new-pod -n z",
      "world x/svc/web",
      "z/client x/server:80",
    ];
    for (const line of [...lines.map((question) => `explain -f - ${question}`), "map -f -", "map -f - --totals"]) {
      const output = await json(line, loose);
      expect([line, schemaErrors(output)]).toEqual([line, []]);
      expect(JSON.stringify(output)).toContain("unknown");
    }
  });

  it("of every command that prints it, and in the schema is nothing else", async () => {
    const help = `${await text("--help")}\n${await text("lab run --help")}`;
    const printing = help
      .split("\n")
      .flatMap((line) => /^ {2}podwall ([a-z-]+) .*\[--format [^\]]*json/.exec(line)?.[1] ?? []);
    expect(printing.sort()).toEqual([...Object.keys(outputs), ...Object.keys(elsewhere)].sort());
    const kinds = Object.values(outputs).flatMap((all) => all.map(([, kind]) => kind));
    expect([...new Set([...kinds, ...Object.values(elsewhere)])].sort()).toEqual([...documentedKinds].sort());
  });

  it("which holds them to something", () => {
    const output = { apiVersion: "podwall.dev/v1", kind: "CheckResult", ok: true, diagnostics: [{}] };
    expect(schemaErrors(output)).not.toEqual([]);
  });
});
