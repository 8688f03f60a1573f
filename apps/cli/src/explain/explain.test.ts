import { describe, expect, it } from "vitest";
import { podwall } from "../testing/podwall.ts";

describe("podwall explain of a denied connection", () => {
  it("ends with the smallest edit that would allow it, as a patch", async () => {
    const { code, stdout } = await podwall("explain -f examples/or-trap team-b/console vault/vault:8200");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "to allow it, the smallest edit: add a peer to vault/vault spec.ingress[0]; nothing else changes",
    );
    expect(stdout).toContain("    +         - namespaceSelector:\n    +             matchLabels:\n");
  });

  it("has the edits in JSON", async () => {
    const { stdout } = await podwall("explain -f examples/or-trap --format json team-b/console vault/vault:8200");
    expect(JSON.parse(stdout).edits[0]).toMatchObject({
      effect: { opened: 0, closed: 0 },
      edits: [{ kind: "add-peer", changes: [{ file: "examples/or-trap/policy.yaml", start: { line: 19 } }] }],
    });
  });

  it("says which policy to mend first where one cannot be used", async () => {
    const { stdout } = await podwall("explain -f tests/cases/empty-peer-closes x/b x/a:80");
    expect(stdout).toMatch(/^ {2}to allow it, mend x\/\S+ first$/m);
    expect(stdout).not.toContain("smallest edit");
  });

  it("shows what would deny it where that is asked", async () => {
    const { code, stdout } = await podwall("explain -f examples/or-trap --edit team-a/website vault/vault:8200");
    expect(code).toBe(0);
    expect(stdout).toContain("to deny it, the smallest edit: remove from[0] of vault/vault spec.ingress[0]");
    const patch = stdout.slice(stdout.indexOf("policy.yaml:14\n") + "policy.yaml:14\n".length);
    expect(patch).toMatch(/^ {6}.*from:\n {4}- +- namespaceSelector:\n(?: {4}- .*\n)+ {6}.*- podSelector:\n/);
  });
});

describe("podwall explain of one workload and itself", () => {
  const workload = (kind: string, more = ""): string =>
    `{apiVersion: apps/v1, kind: ${kind}, metadata: {namespace: x, name: web}, spec: {${more} selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}}`;

  it.each([
    ["Deployment", "web web:80", "x/web-2 -> x/web-1 TCP 80: denied"],
    ["Deployment", "web-1 web:80", "x/web-1 -> x/web-2 TCP 80: denied"],
    ["Deployment", "web-1 web-1:80", "x/web-1 -> x/web-1 TCP 80: allowed"],
    ["Deployment", "web web", "x/web-2 -> x/web-1: nothing is allowed"],
    ["StatefulSet", "web web:80", "x/web-1 -> x/web-0 TCP 80: denied"],
  ])("is of two pods of a %s, unless a pod is named: %s", async (kind, ends, answer) => {
    const { stdout } = await podwall(`explain -f - ${ends}`, workload(kind, "replicas: 2,"));
    expect(stdout.split("\n")[0]).toBe(answer);
  });

  it("is of a pod alone where there is no other", async () => {
    const { stdout } = await podwall("explain -f - web web:80", workload("StatefulSet"));
    expect(stdout.split("\n")[0]).toBe("x/web-0 -> x/web-0 TCP 80: allowed");
  });
});

describe("podwall explain of one end", () => {
  it("lists who may reach it, or whom it may reach", async () => {
    const to = await podwall("explain -f examples/online-shop --to data/orders-db");
    expect([to.code, to.stdout]).toEqual([0, expect.stringMatching(/^ {2}shop\/nightly-report {2}TCP 5432$/m)]);
    const from = await podwall("explain -f examples/online-shop --from web/storefront:53/udp");
    expect(from.stdout).toMatch(
      /^web\/storefront-1 may reach\n {2}kube-system\/coredns {2}UDP 53\n {2}10\.0\.0\.0\/8, .* {2}unknown: UDP 53 \[1\]\n1 of 21 pods\n\[1\] whether these/,
    );
  });

  it("says what isolates a pod that no address outside may reach, or be reached from", async () => {
    const { code, stdout } = await podwall("explain -f examples/deny-all world payroll/web:80");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^ {2}isolated by payroll\/\S+ \(examples\/deny-all\/policy.yaml:\d+:1\)\n {2}no rule allows/m,
    );
  });

  it("with both names a connection", async () => {
    const named = await podwall("explain -f examples/or-trap --from team-a/website --to vault/vault:8200");
    expect(named).toEqual(await podwall("explain -f examples/or-trap team-a/website vault/vault:8200"));
  });

  it("ends with 1 where nobody is reached", async () => {
    const pods = `{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: a}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}}`;
    const { code, stdout } = await podwall("explain -f - --to x/a --format json", pods);
    expect([code, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ pods: [], addresses: [] })]);
  });

  it.each([
    ["one", "name two ends"],
    ["--from a b", "not in both ways"],
    ["--blast-radius a b", "goes with no other end"],
    ["--blast-radius 192.0.2.1", "is an address"],
    ["--blast-radius vault/vault --hops 0", "from 1 to 20"],
    ["--to 192.0.2.1:x", "is not a port"],
    ["svc/vault vault/vault", "name a pod or a workload here"],
    ["--from world", "write `world DST`"],
    ["vault/vault:80 vault/vault", "not behind the source"],
    ["300.1.1.1 vault/vault", "no IP address"],
  ])("says what is wrong with `%s`", async (args, problem) => {
    const { code, stderr } = await podwall(`explain -f examples/or-trap ${args}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
  });
});

describe("podwall explain --blast-radius", () => {
  it("goes on through what is reached, and says by which way", async () => {
    const { code, stdout } = await podwall("explain -f examples/online-shop --blast-radius web/storefront --hops 2");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^in 2 steps:$/m);
    expect(stdout).toMatch(/^ {2}data\/orders-db +TCP 5432; declares TCP 5432 "postgres"; by shop\/orders$/m);
  });
});
