import type { Pod } from "@podwall/engine";
import { doctorJson, probeJson } from "@podwall/report";
import { describe, expect, it } from "vitest";
import { schemaErrors } from "./testing/output-schema.ts";
import { podwall } from "./testing/podwall.ts";

describe("podwall probe", () => {
  it("says which credentials it lacks, and what is no number of pods", async () => {
    expect(await podwall("probe --kubeconfig /missing")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("/missing"),
    });
    expect((await podwall("probe --max-pods many")).stderr).toContain("no number of pods");
  });

  it("prints JSON as the schema in the docs says", () => {
    const pod = (name: string): Pod => ({
      kind: "Pod",
      namespace: "shop",
      name,
      labels: new Map(),
      hostNetwork: false,
      completed: false,
      addresses: [],
      ports: [],
    });
    const tried = { source: pod("a"), destination: pod("b"), port: 80, verdict: undefined, seen: "open" };
    const notFound = [{ policy: "shop/p", direction: "ingress", wanted: "denied" }] as const;
    const connections = [{ ...tried, outcome: "unknown", because: "gone" }] as const;
    expect(schemaErrors(JSON.parse(probeJson({ cluster: "kind", connections, notFound })))).toEqual([]);
  });
});

describe("podwall doctor", () => {
  it("says which credentials it lacks", async () => {
    const { code, stderr } = await podwall("doctor --kubeconfig /missing");
    expect([code, stderr]).toEqual([2, expect.stringContaining("/missing")]);
  });

  it("takes times with a unit", async () => {
    const { code, stderr } = await podwall("doctor --enforce-timeout 30");
    expect([code, stderr]).toEqual([2, expect.stringContaining("500ms, 30s or 5m")]);
  });

  it("prints JSON as the schema in the docs says", () => {
    const row = { id: "udp", title: "UDP", says: "a", seen: "b", verdict: "not", reference: "c" } as const;
    const about = { cluster: "kind", version: "v1.35.4", nodes: ["a"], ipFamily: "6", image: "agnhost" } as const;
    expect(schemaErrors(JSON.parse(doctorJson({ ...about, rows: [row] })))).toEqual([]);
  });
});
