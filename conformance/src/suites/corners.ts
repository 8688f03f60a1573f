import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.ts";
import { podNetwork } from "../cluster/node.ts";
import { outputOf } from "../cluster/processes.ts";
import { until } from "../cluster/until.ts";
import { balancerAddress } from "../corners/addresses.ts";
import { type Connection, connectionText } from "../corners/connection.ts";
import { type Addresses, connectionsOf } from "../corners/connections.ts";
import { balancerStatus, heir, namespace, outsideAddresses, pods, policies, services } from "../corners/objects.ts";
import { tryConnection } from "../corners/try-connection.ts";
import type { Prepared } from "../settings.ts";
import type { Result, SuiteContext } from "./result.ts";

const suite = "corners";
/** For so long all is tried again where not all is as expected. */
const enforceMs = 30_000;
/** Connections that are tried at once. */
const atOnce = 6;

/**
 * What upstream's suites leave out: nodes and host-network pods, the outside by NodePorts and load balancers, sidecars, and an
 * address that a finished pod had. Every connection has to be open without policies, so that a denied one tells something.
 */
export async function runCornersSuite(
  prepared: Prepared,
  cluster: Cluster,
  { say }: SuiteContext,
): Promise<readonly Result[]> {
  const startedAtMs = Date.now();
  const [near] = cluster.nodes;
  const far = cluster.nodes.at(-1) ?? near;
  const leave = await arriveOutside(far.address);
  try {
    const kubectl = (...args: readonly string[]) => cluster.kubectl(["--namespace", namespace, ...args]);
    await apply(cluster, [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, ...services()]);
    await kubectl("patch", "service", "balanced", "--subresource=status", "--patch", JSON.stringify(balancerStatus));
    await kubectl("wait", "--for=create", "serviceaccount/default", "--timeout=60s");
    await apply(cluster, pods({ near: near.name, far: far.name }));
    const ready = ["wait", "--for=condition=Ready", "pod", "--selector=!finished", "--timeout=110s"];
    await kubectl(...ready);
    await bequeath(prepared, cluster, near.name);
    await kubectl(...ready);
    const wanted = new RegExp(prepared.settings.focus ?? "");
    const all = connectionsOf({ near, far, ...(await addressesOf(cluster)) });
    const connections = all.filter((connection) => wanted.test(connectionText(connection)));
    if (connections.length === 0) return [];
    const place = { cluster, namespace, agnhost: prepared.programs["agnhost"] ?? "agnhost" };
    const attempt = (one: Connection) => tryConnection(one, place);
    say(`${suite}: trying everything without policies`);
    const before = await settle(connections, () => "open", attempt);
    await apply(cluster, policies(near.addresses));
    say(`${suite}: trying everything with policies`);
    const after = await settle(connections, ({ expected }) => expected, attempt);
    const seconds = (Date.now() - startedAtMs) / 1000;
    return connections.map((connection): Result => {
      const common = { suite, name: connectionText(connection), seconds: seconds / connections.length, startedAtMs };
      const seen = { before: before.get(connection), after: after.get(connection) };
      if (seen.before === "open" && seen.after === connection.expected) return { ...common, state: "passed" };
      const output = `${connection.address}:${connection.port}: without policies ${seen.before}, with policies ${seen.after}`;
      say(`${suite}: FAILED: ${connectionText(connection)}`);
      return { ...common, state: "failed", output };
    });
  } finally {
    await cluster.kubectl(["delete", "namespace", namespace, "--ignore-not-found"]);
    await leave();
  }
}

function apply(cluster: Cluster, items: readonly object[]): Promise<string> {
  return cluster.kubectl(["apply", "-f", "-"], { input: JSON.stringify({ apiVersion: "v1", kind: "List", items }) });
}

/** Gives this namespace, which is the outside, more addresses, and a way to the load balancer by a node. Gives how to undo it. */
async function arriveOutside(balancerNode: string): Promise<() => Promise<void>> {
  const change = async (verb: "add" | "del"): Promise<void> => {
    for (const address of outsideAddresses) await outputOf(["ip", "address", verb, `${address}/32`, "dev", "lo"]);
    await outputOf(["ip", "route", verb, `${balancerAddress}/32`, "via", balancerNode]);
  };
  await change("add");
  return () => change("del");
}

/** Waits until `finished` has ended and its address is free, and starts a pod that gets it. */
async function bequeath({ work }: Prepared, cluster: Cluster, node: string): Promise<void> {
  const ended = "--for=jsonpath={.status.phase}=Succeeded";
  await cluster.kubectl(["-n", namespace, "wait", ended, "pod/finished", "--timeout=110s"]);
  const address = await podAddress(cluster, "finished");
  // What host-local, the plugin that gives pods their addresses, remembers: a file for each that is taken, and the last one.
  const taken = join(work, node, "addresses", podNetwork);
  await until(`${address} is free`, () => Promise.resolve(!readdirSync(taken).includes(address)));
  const last = address.split(".").with(3, String(Number(address.split(".")[3]) - 1));
  writeFileSync(join(taken, "last_reserved_ip.0"), last.join("."));
  await apply(cluster, [heir(node)]);
  await until("heir has an address", async () => (await podAddress(cluster, "heir")) !== "");
  const got = await podAddress(cluster, "heir");
  if (got !== address) throw new Error(`heir got ${got}, and not ${address}, which finished had`);
}

function podAddress(cluster: Cluster, name: string): Promise<string> {
  return cluster.kubectl(["-n", namespace, "get", "pod", name, "--output=jsonpath={.status.podIP}"]);
}

async function addressesOf(cluster: Cluster): Promise<Pick<Addresses, "pods" | "services">> {
  const lines = async (kind: string, fields: readonly string[]): Promise<readonly (readonly string[])[]> => {
    const columns = fields.map((field) => `{${field}}`).join(" ");
    const text = await cluster.kubectl([
      "-n",
      namespace,
      "get",
      kind,
      `--output=jsonpath={range .items[*]}${columns}{'\\n'}{end}`,
    ]);
    return text
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
  };
  const podLines = await lines("pods", [".metadata.name", ".status.podIPs[*].ip"]);
  const serviceLines = await lines("services", [".metadata.name", ".spec.clusterIP", ".spec.ports[0].nodePort"]);
  return {
    pods: new Map(podLines.map(([name = "", ...addresses]) => [name, addresses])),
    services: new Map(
      serviceLines.map(([name = "", address = "", nodePort = ""]) => [name, { address, nodePort: Number(nodePort) }]),
    ),
  };
}

/** Tries all, some at a time, until all are as wanted at once or the time is over. Gives what was seen last. */
async function settle(
  connections: readonly Connection[],
  wanted: (connection: Connection) => string,
  attempt: (connection: Connection) => Promise<string>,
): Promise<ReadonlyMap<Connection, string>> {
  const deadline = Date.now() + enforceMs;
  for (;;) {
    const seen = new Map<Connection, string>();
    for (let first = 0; first < connections.length; first += atOnce) {
      const some = connections.slice(first, first + atOnce);
      await Promise.all(some.map(async (connection) => seen.set(connection, await attempt(connection))));
    }
    if (connections.every((connection) => seen.get(connection) === wanted(connection)) || Date.now() > deadline)
      return seen;
  }
}
