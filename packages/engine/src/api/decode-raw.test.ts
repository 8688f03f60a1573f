import { describe, expect, it } from "vitest";
import { decodeRaw } from "./decode-raw.ts";
import { readManifests } from "./read-manifests.ts";

const policyKind = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };

/** What the value is as a manifest; where it was written is left out. */
function asManifest(value: object, kind: { apiVersion: string; kind: string }): unknown {
  const text = JSON.stringify({ ...kind, ...value });
  return withoutRanges(readManifests([{ name: "x.json", text }]).objects[0]);
}

function withoutRanges(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRanges);
  if (value instanceof Map || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "range");
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutRanges(item)]));
}

describe("an object as an API server gives it", () => {
  const metadata = { name: "web", namespace: "shop", labels: { app: "web" } };
  const server = {
    uid: "1",
    resourceVersion: "7",
    generation: 2,
    managedFields: [{}],
    annotations: { "bad key!": "x" },
  };

  it("means what its manifest means", () => {
    const spec = {
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ protocol: "TCP", port: 80 }] }],
    };
    const { object, diagnostics } = decodeRaw({ metadata: { ...metadata, ...server }, spec, status: {} }, policyKind);
    expect(diagnostics).toEqual([]);
    expect(withoutRanges(object)).toEqual(asManifest({ metadata, spec }, policyKind));
  });

  it("is a pod with its addresses", () => {
    const kind = { apiVersion: "v1", kind: "Pod" };
    const pod = {
      metadata,
      spec: { nodeName: "n", containers: [{ name: "a", image: "b", ports: [{ containerPort: 80, protocol: "TCP" }] }] },
      status: { phase: "Running", podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }] },
    };
    expect(withoutRanges(decodeRaw(pod, kind).object)).toEqual(asManifest(pod, kind));
  });

  it("comes back closed where a policy has a field that is not known, and says which", () => {
    const spec = { podSelector: {}, ingress: [{ fromNowhere: [] }] };
    const { object } = decodeRaw({ metadata, spec }, policyKind);
    expect(object).toMatchObject({ closedBecause: 'unknown field "spec.ingress[0].fromNowhere"', ingress: [] });
  });

  it("closes all of its namespace where nothing of a policy's spec can be read", () => {
    const { object } = decodeRaw({ metadata, spec: "?" }, policyKind);
    expect(object).toMatchObject({ namespace: "shop", directions: ["ingress", "egress"], ingress: [], egress: [] });
    expect(object).toMatchObject({ podSelector: { requirements: [] }, closedBecause: expect.any(String) });
  });

  it("does no harm by its depth", () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(decodeRaw({ metadata, spec: { podSelector: {}, ingress: deep } }, policyKind).object).toMatchObject({
      closedBecause: expect.any(String),
    });
  });

  it("is nothing where a pod cannot be read", () => {
    const { object, diagnostics } = decodeRaw(
      { metadata, spec: { hostNetwork: "?" } },
      { apiVersion: "v1", kind: "Pod" },
    );
    expect([object, diagnostics.map(({ code }) => code)]).toEqual([undefined, ["PW1012"]]);
  });
});
