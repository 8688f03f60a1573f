import { clusterFrom, endpointOf, readManifests, verdict } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { plainStyle } from "../style.ts";
import { type ProbedConnection, probeJson, probeText } from "./probe-report.ts";

const text = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}
status: {phase: Running, podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: shop}
status: {phase: Running, podIP: 10.0.0.2}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}}
`;
const cluster = clusterFrom(readManifests([{ name: "shop.yaml", text }]).objects);

function connection(outcome: ProbedConnection["outcome"], seen: string | undefined): ProbedConnection {
  const [destination, source] = cluster.pods;
  if (source === undefined || destination === undefined) throw new Error("there are two pods");
  const ends = { source: endpointOf(source), destination: endpointOf(destination) };
  const because = outcome === "unknown" ? "its pod said nothing" : undefined;
  return {
    source,
    destination,
    port: 80,
    verdict: verdict(cluster, { ...ends, protocol: "TCP", port: 80 }),
    seen,
    outcome,
    because,
  };
}

describe("what probe found", () => {
  const connections = [
    connection("agrees", "TIMEOUT"),
    connection("disagrees", "open"),
    connection("unknown", undefined),
  ];
  const notFound = [{ policy: "shop/closed", direction: "ingress", wanted: "allowed" }] as const;
  const report = { cluster: "context kind", connections, notFound };

  it("is a line for each connection, with the reasons where it is not as predicted", () => {
    const lines = probeText(report, cluster, plainStyle).split("\n");
    expect(lines.filter((line) => !line.startsWith("    "))).toEqual([
      "agrees     like shop/job to shop/web, TCP 80: denied, seen TIMEOUT",
      "disagrees  like shop/job to shop/web, TCP 80: denied, seen open",
      "unknown    like shop/job to shop/web, TCP 80: denied, seen nothing; its pod said nothing",
      "not tried: for shop/closed no connection that its ingress rules have allowed",
      "",
      "1 as predicted, 1 not, 1 unknown",
      "",
    ]);
    expect(lines.some((line) => line.startsWith("    ") && line.includes("shop/closed"))).toBe(true);
  });

  it("is JSON with the same", () => {
    expect(JSON.parse(probeJson(report))).toMatchObject({
      kind: "ProbeReport",
      connections: [{ source: "shop/job", destination: "shop/web", predicted: "denied", outcome: "agrees" }, {}, {}],
      notFound,
    });
  });
});
