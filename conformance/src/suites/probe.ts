import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import type { Prepared } from "../settings.ts";
import type { Result, SuiteContext } from "./result.ts";
import { runPodwall } from "./run-podwall.ts";

const suite = "probe";
const namespace = "probe-shop";
const image = "registry.k8s.io/e2e-test-images/agnhost:2.59";

interface Report {
  readonly connections: readonly {
    readonly source: string;
    readonly destination: string;
    readonly port: number;
    readonly predicted?: string;
    readonly seen?: string;
    readonly outcome: "agrees" | "disagrees" | "unknown";
    readonly because?: string;
  }[];
}

/** `podwall probe` with a small shop: a test for each connection, and that the shop is as it was; interrupted too, but for CI. */
export async function runProbeSuite(
  prepared: Prepared,
  cluster: Cluster,
  context: SuiteContext,
): Promise<readonly Result[]> {
  const startedAtMs = Date.now();
  await openShop(cluster);
  try {
    const before = await shopState(cluster);
    const watched: string[] = [];
    const watch = setInterval(() => {
      void shopState(cluster).then(
        (state) => watched.push(state),
        () => undefined,
      );
    }, 3_000);
    const whole = await runPodwall(prepared, context, ["probe", "--format=json"]);
    clearInterval(watch);
    writeFileSync(join(context.folder, "report.json"), whole.stdout);
    const wholeSeconds = (Date.now() - startedAtMs) / 1000;
    const connections = whole.stdout === "" ? [] : (JSON.parse(whole.stdout) as Report).connections;
    const results = connections.map((connection): Result => {
      const { source, destination, port, predicted, seen, outcome, because = "" } = connection;
      const name = `${source.split("-")[1]} to ${destination.split("-")[1]}, TCP ${port}, ${predicted}: ${outcome}`;
      const common = { suite, name, seconds: 0, startedAtMs };
      if (outcome === "agrees") return { ...common, state: "passed" };
      return { ...common, state: "failed", output: `seen ${seen}; ${because}` };
    });
    const test = (name: string, isGood: boolean, output: string, seconds = 0): Result =>
      isGood
        ? { suite, name, state: "passed", seconds, startedAtMs }
        : { suite, name, state: "failed", seconds, startedAtMs, output };
    const expected = results.some(({ state }) => state === "failed") ? 1 : 0;
    const others = watched.filter((state) => state !== before);
    const left = await probePods(cluster);
    const ofWhole = [
      ...results,
      test("tries something", results.length > 0, whole.stderr),
      test(`exits with ${expected}`, whole.code === expected, `exit code ${whole.code}\n${whole.stderr}`, wholeSeconds),
      test("changes no controller's pods and no Service's ends", others.length === 0, [before, ...others].join("\n\n")),
      test("leaves no pods", left === "", left),
    ];
    if (prepared.settings.share === "ci") return ofWhole;
    const stopped = await runPodwall(prepared, context, ["probe"], { says: "trying", signal: "SIGINT" });
    const leftAfterwards = await probePods(cluster);
    await runPodwall(prepared, context, ["probe"], { says: "trying", signal: "SIGKILL" });
    const leftByKill = await probePods(cluster);
    const cleanup = await runPodwall(prepared, context, ["probe", "--cleanup"]);
    const isClean = cleanup.code === 0 && (await probePods(cluster)) === "";
    const stoppedOutput = `exit code ${stopped.code}; left: ${leftAfterwards}\n${stopped.stderr}`;
    return [
      ...ofWhole,
      test("leaves no pods at Ctrl-C either", stopped.code === 130 && leftAfterwards === "", stoppedOutput),
      test("removes with --cleanup what a killed probe left", leftByKill !== "" && isClean, cleanup.stderr),
    ];
  } finally {
    await cluster.kubectl(["delete", "namespace", namespace]);
  }
}

/** What probe says where no agent is. */
export async function runProbeUnenforced(
  prepared: Prepared,
  cluster: Cluster,
  context: SuiteContext,
): Promise<readonly Result[]> {
  const startedAtMs = Date.now();
  await openShop(cluster);
  const { code, stdout, stderr } = await runPodwall(prepared, context, [
    "probe",
    "--format=json",
    "--enforce-timeout=1s",
  ]);
  writeFileSync(join(context.folder, "report-without-agent.json"), stdout);
  await cluster.kubectl(["delete", "namespace", namespace]);
  const connections = stdout === "" ? [] : (JSON.parse(stdout) as Report).connections;
  const denied = connections.filter(({ predicted }) => predicted === "denied");
  const others = connections.filter(({ predicted }) => predicted !== "denied");
  const isTold =
    code === 1 &&
    denied.length > 0 &&
    denied.every(({ outcome }) => outcome === "disagrees") &&
    others.every(({ outcome }) => outcome === "agrees");
  const common = { suite, name: "says without an agent that nothing is denied", startedAtMs };
  const seconds = (Date.now() - startedAtMs) / 1000;
  if (isTold) return [{ ...common, seconds, state: "passed" }];
  return [{ ...common, seconds, state: "failed", output: `exit code ${code}\n${stdout}\n${stderr}` }];
}

async function openShop(cluster: Cluster): Promise<void> {
  await cluster.kubectl(["apply", "-f", "-"], {
    input: JSON.stringify({ apiVersion: "v1", kind: "List", items: shop }),
  });
  for (const name of ["web", "db", "job"])
    await cluster.kubectl(["-n", namespace, "rollout", "status", `deployment/${name}`, "--timeout=120s"]);
}

const metadata = (name: string): object => ({ name, namespace });
const app = (name: string): object => ({ matchLabels: { app: name } });

function deployment(name: string, replicas: number): object {
  const container = {
    name: "server",
    image,
    args: ["porter"],
    env: [{ name: "SERVE_PORT_8080", value: name }],
    ports: [{ name: "main", containerPort: 8080 }],
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
  };
  const template = { metadata: { labels: { app: name } }, spec: { containers: [container] } };
  const spec = { replicas, selector: app(name), template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: metadata(name), spec };
}

function policy(name: string, spec: object): object {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: metadata(name), spec };
}

const shop: readonly object[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  deployment("web", 2),
  deployment("db", 1),
  deployment("job", 1),
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("web"),
    spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "main" }] },
  },
  policy("db", {
    podSelector: app("db"),
    ingress: [{ from: [{ podSelector: app("web") }], ports: [{ port: "main" }] }],
  }),
  policy("job", {
    podSelector: app("job"),
    policyTypes: ["Egress"],
    egress: [{ to: [{ podSelector: app("web") }], ports: [{ port: 8080 }] }],
  }),
];

/** The controllers' pods and the Service's ends: what probing must leave alone. */
async function shopState(cluster: Cluster): Promise<string> {
  const get = (...args: readonly string[]) => cluster.kubectl(["-n", namespace, "get", ...args]);
  const names = "jsonpath={range .items[*]}{.metadata.name}{'\\n'}{end}";
  const ends = "jsonpath={range .items[*].endpoints[?(@.conditions.ready==true)]}{.addresses[0]}{'\\n'}{end}";
  const pods = await get("pods", "--selector=!podwall.dev/made-by", "--output", names);
  const endpoints = await get("endpointslices", "--output", ends);
  const ready = await get(
    "replicasets",
    "--output",
    "jsonpath={range .items[*]}{.metadata.name} {.status.replicas}{'\\n'}{end}",
  );
  return [pods, endpoints, ready].map((text) => text.trim().split("\n").toSorted().join("\n")).join("\n--\n");
}

function probePods(cluster: Cluster): Promise<string> {
  return cluster.kubectl(["get", "pods", "--all-namespaces", "--selector=podwall.dev/made-by=probe", "--output=name"]);
}
