import { describe, expect, it } from "vitest";
import { podwall } from "../testing/podwall.ts";

const manifests = `{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web, labels: {app: web}}, spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: client}}
---
{apiVersion: v1, kind: Service, metadata: {namespace: shop, name: web}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: http}]}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop, name: web}, spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: p}, spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}}`;

describe("podwall explain of a Service", () => {
  it("judges its pods on their own port", async () => {
    const { code, stdout } = await podwall("explain -f - client svc/web:80", manifests);
    expect([code, stdout.split("\n")[0]]).toEqual([
      0,
      "Service shop/web TCP 80: shop/client -> shop/web TCP 8080: allowed",
    ]);
  });

  it("from the world is by which ways it is reached", async () => {
    const { code, stdout } = await podwall("explain -f - --from world --to shop/svc/web", manifests);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "  by itself, type NodePort, port 80: allowed\n    world -> shop/web TCP 8080 by Service shop/web",
    );
    expect(stdout).toContain("unknown; no pod of the Ingress controller is known; name one with --via\n");
    const named = await podwall("explain -f - --via shop/client world svc/web --format json", manifests);
    expect(JSON.parse(named.stdout).ways[1].steps).toMatchObject([{ from: "shop/client", to: "shop/web", port: 8080 }]);
  });

  it.each([
    ["client svc/wen", "did you mean web?"],
    ["client svc/web:81", "has no port 81/TCP; it has 80/TCP"],
    ["world svc/web --via nobody", "--via nobody is no namespace/name"],
    ["world world", "one end at most"],
    ["world 192.0.2.1:80", "one of the ends must be one"],
  ])("says what is wrong with `%s`", async (ends, problem) => {
    const { code, stderr } = await podwall(`explain -f - ${ends}`, manifests);
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
  });
});

describe("podwall explain of the world", () => {
  it("says which addresses may", async () => {
    const to = await podwall("explain -f - world shop/web:8080", manifests);
    expect([to.code, to.stdout]).toEqual([
      0,
      expect.stringMatching(/^world -> shop\/web TCP 8080: allowed\n {2}TCP 8080 {2}every address\n/),
    ]);
    const closed = await podwall("explain -f - world shop/web:8081", manifests);
    expect([closed.code, closed.stdout]).toEqual([1, expect.stringMatching(/^world -> shop\/web TCP 8081: denied\n/)]);
    expect((await podwall("explain -f - web world:443", manifests)).stdout).toMatch(
      /^shop\/web -> world TCP 443: allowed\n/,
    );
  });
});
