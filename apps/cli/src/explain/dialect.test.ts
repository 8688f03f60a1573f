import { describe, expect, it } from "vitest";
import { podwall } from "../testing/podwall.ts";

const manifests = `{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}, status: {podIP: 10.0.0.1}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: b}, status: {podIP: 10.0.0.2}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}`;

describe("--dialect", () => {
  it("answers as the plugin does; without it, explain says that the answer depends on it", async () => {
    const plain = await podwall("explain -f - a b:80", manifests);
    expect(plain.code).toBe(0);
    expect(plain.stdout).toContain(
      "depends on the network plugin: denied where no ipBlock holds a pod's address: Cilium",
    );
    expect((await podwall("explain -f - --dialect cilium a b:80", manifests)).stdout).toContain(
      "\n  differs on Cilium: denied as no ipBlock holds a pod's address (cilium/cilium#35212",
    );
    const onCilium = await podwall("explain -f - --dialect cilium a b:80 --format json", manifests);
    expect(onCilium.code).toBe(1);
    expect(JSON.parse(onCilium.stdout)).toMatchObject({ dialect: "cilium", answer: "denied", otherPlugins: [] });
  });

  it("has check name the rules that mean something else", async () => {
    const { code, stderr } = await podwall("check - --dialect cilium", manifests);
    expect([code, stderr]).toEqual([1, expect.stringContaining("warning PW3901: spec.ingress[0].from[0]: on Cilium")]);
  });

  it("has diff list the pairs that depend on it", async () => {
    const { code, stdout } = await podwall("diff -f - --dialect cilium", manifests);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^closed within a namespace\n {2}- all of x -> all of x {2}all$/m);
    expect((await podwall("diff -f - --dialect calico", manifests)).code).toBe(0);
  });
});
