import { type Cluster, type Pod, type Service, formatAddress, parseAddress } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { labNode, podAddresses } from "../network/lab-addresses.ts";
import { frontendsOf } from "./frontends.ts";
import { serviceRules } from "./service-rules.ts";
import { resolvConf, zoneOf } from "./zone.ts";

const node = labNode(1, "node-1");

function pod(name: string, number: number, port: number, more: Partial<Pod> = {}): Pod {
  return {
    kind: "Pod",
    namespace: "demo",
    name,
    labels: new Map([["app", "web"]]),
    node: "node-1",
    hostNetwork: false,
    completed: false,
    addresses: podAddresses(1, number),
    ports: [{ name: "http", protocol: "TCP", port }],
    ...more,
  };
}

function service(name: string, more: Partial<Service> = {}): Service {
  return {
    kind: "Service",
    namespace: "demo",
    name,
    selector: new Map([["app", "web"]]),
    addresses: ["10.96.0.20", "fd00:10:96::14"].flatMap((text) => parseAddress(text) ?? []),
    headless: false,
    type: "ClusterIP",
    ports: [{ protocol: "TCP", port: 80, targetPort: "http" }],
    ...more,
  };
}

function cluster(services: readonly Service[], pods: readonly Pod[]): Cluster {
  return {
    namespaces: new Map(),
    pods,
    nodes: new Map([["node-1", node]]),
    services,
    policies: [],
    clusterPolicies: [],
  };
}

describe("Services of a lab", () => {
  it("resolve a named target port in each pod, and leave out pods that have ended or do not declare it", () => {
    const pods = [
      pod("a", 1, 8080),
      pod("b", 2, 9090),
      pod("c", 3, 1, { completed: true }),
      pod("d", 4, 1, { ports: [] }),
    ];
    const [frontend] = frontendsOf(cluster([service("web")], pods));
    expect(frontend?.backends.map(({ address, port }) => `${formatAddress(address)}:${port}`)).toEqual([
      "10.244.1.2:8080",
      "10.244.1.3:9090",
    ]);
  });

  it("choose one of the backends at random, and refuse where there is none", () => {
    const text = serviceRules(
      frontendsOf(
        cluster(
          [
            service("web"),
            service("none", {
              selector: new Map([["app", "none"]]),
              addresses: [parseAddress("10.96.0.21")].flatMap((found) => found ?? []),
            }),
          ],
          [pod("a", 1, 8080), pod("b", 2, 9090)],
        ),
      ),
      node,
    );
    expect(text).toContain("numgen random mod 2 vmap { 0 : goto backend_0_0, 1 : goto backend_0_1 }");
    expect(text).toContain("meta l4proto tcp dnat ip6 to [fd00:10:244:1::3]:9090");
    expect(text).toContain("ip daddr . meta l4proto . th dport { 10.96.0.21 . tcp . 80 } reject");
    expect(text).toContain(
      "ct status dnat ip saddr . ip daddr { 10.244.1.2 . 10.244.1.2, 10.244.1.3 . 10.244.1.3 } snat ip to 172.18.0.1",
    );
  });

  it("have the names that cluster DNS gives them", () => {
    const stateful = pod("db-0", 2, 5432, { workload: { kind: "StatefulSet", name: "db" } });
    const zone = zoneOf(cluster([service("web"), service("db", { headless: true, addresses: [] })], [stateful]));
    expect(zone["web.demo.svc.cluster.local"]).toEqual(["10.96.0.20", "fd00:10:96::14"]);
    expect(zone["db.demo.svc.cluster.local"]).toEqual(["10.244.1.3", "fd00:10:244:1::3"]);
    expect(zone["db-0.db.demo.svc.cluster.local"]).toEqual(["10.244.1.3", "fd00:10:244:1::3"]);
    expect(zone["10-244-1-3.demo.pod.cluster.local"]).toEqual(["10.244.1.3"]);
    expect(resolvConf("demo", ["10.96.0.10"])).toContain(
      "search demo.svc.cluster.local svc.cluster.local cluster.local",
    );
  });
});
