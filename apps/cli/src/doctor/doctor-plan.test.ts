import { clusterFrom, endpointOf, readManifests, verdict } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { doctorPolicies } from "./doctor-policies.ts";
import { clientPod, clients, podNames, serverPod, servers } from "./doctor-pods.ts";
import { ownNode } from "./doctor-test.ts";
import { doctorTests } from "./doctor-tests.ts";

const namespace = "doctor";
const nodeAddress = "192.0.2.1";
const probes = doctorTests.flatMap((test) => test.probes);

function manifests(network: string) {
  const addresses = new Map<string, string>();
  const numbered = [...servers, ...clients.flatMap(podNames)];
  for (const [index, name] of numbered.entries()) addresses.set(name, `${network}${index + 1}`);
  const pods = [
    ...servers.map((name) => serverPod(name, "image")),
    ...clients.flatMap((role) =>
      podNames(role).map((name) => clientPod({ name, role: role.name, image: "image", probes: [], addresses })),
    ),
  ] as { metadata: { name: string } }[];
  const running = pods.map((pod) => ({
    ...pod,
    metadata: { ...pod.metadata, namespace },
    status: { phase: "Running", podIP: addresses.get(pod.metadata.name), hostIP: nodeAddress },
  }));
  const byRole = new Map<string, string[]>(servers.map((name) => [name, [addresses.get(name) ?? ""]]));
  for (const role of clients)
    byRole.set(
      role.name,
      podNames(role).map((name) => addresses.get(name) ?? ""),
    );
  return [...running, ...doctorPolicies(namespace, byRole)];
}

describe.each([
  ["IPv4", "10.0.0."],
  ["IPv6", "fd00::"],
])("what doctor tries, by %s", (_, network) => {
  const objects = manifests(network);
  const text = objects.map((object) => JSON.stringify(object)).join("\n---\n");
  const read = readManifests([{ name: "doctor.yaml", text }]);
  const cluster = clusterFrom(read.objects);

  it("is valid", () => {
    expect(read.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it.each(
    probes
      .filter(({ protocol, to }) => protocol !== "icmp" && to !== ownNode)
      .map((probe) => [`${probe.from} to ${probe.to}, ${probe.protocol} ${probe.port}`, probe] as const),
  )("is expected as the engine judges it: %s", (__, { from, to, protocol, port = 0, expected }) => {
    const role = clients.find(({ name }) => name === from);
    expect(role).toBeDefined();
    for (const name of role === undefined ? [] : podNames(role)) {
      const end = (pod: string) => {
        const found = cluster.pods.find((one) => one.name === pod);
        if (found === undefined) throw new Error(`there is no pod ${pod}`);
        return endpointOf(found);
      };
      const { allowed } = verdict(cluster, {
        source: end(name),
        destination: end(to),
        protocol: protocol.toUpperCase() as "TCP",
        port,
      });
      expect(allowed).toBe(expected === "open");
    }
  });
});

describe("the rows", () => {
  it("each have a way to be open and to be denied, as far as they try connections and the API decides", () => {
    const oneSided = doctorTests
      .filter(({ isLeftOpen, probes: own }) => isLeftOpen === undefined && own.length > 0)
      .filter(({ probes: own }) => new Set(own.map(({ expected }) => expected)).size < 2)
      .map(({ id }) => id);
    expect(oneSided).toEqual(["default-deny", "sctp-rule"]);
  });

  it("name clients and servers that there are", () => {
    const known = new Set<string>([...servers, ...clients.map(({ name }) => name), ownNode]);
    expect(probes.flatMap(({ from, to }) => [from, to]).filter((name) => !known.has(name))).toEqual([]);
  });
});
