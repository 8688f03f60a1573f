import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { podwall } from "./testing/podwall.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "podwall-changes-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const pods = [
  "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web, labels: {app: web}}}",
  "{apiVersion: v1, kind: Pod, metadata: {namespace: jobs, name: cron}}",
];
const policy = (spec: string): string =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: shop, name: web}, spec: ${spec}}`;
const closed = policy("{podSelector: {}}");
const byTeam = policy(
  "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: data}}}], ports: [{port: 80}]}]}",
);
const cilium =
  "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: shop, name: c}, spec: {endpointSelector: {}, ingress: [{}]}}";

async function diff(before: readonly string[], after: readonly string[], options = "") {
  const [first, second] = [join(folder, "before.yaml"), join(folder, "after.yaml")];
  writeFileSync(first, [...pods, ...before].join("\n---\n"));
  writeFileSync(second, [...pods, ...after].join("\n---\n"));
  return podwall(`diff ${first} ${second}${options}`);
}

const fact = "the labels of namespace jobs: policies ask for team, and its Namespace object is not in the input";

describe("a workload with more or fewer replicas", () => {
  it("is no change of who may talk to whom", async () => {
    const deployment = (replicas: number): string =>
      `{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: api}, spec: {replicas: ${replicas}, selector: {matchLabels: {app: api}}, template: {metadata: {labels: {app: api}}}}}`;
    expect((await diff([deployment(1)], [deployment(5)])).code).toBe(0);
    expect((await diff([deployment(5)], [deployment(1)])).code).toBe(0);
    expect((await diff([deployment(5)], [deployment(0)])).stdout).toContain("gone: shop/api\n");
  });
});

describe("a change that depends on what the input does not say", () => {
  it("is marked with what it depends on, and ends with 1", async () => {
    const { code, stdout } = await diff([closed], [byTeam]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^perhaps opened across namespaces\n {2}\? jobs\/cron -> shop\/web {2}TCP 80 may open \[1\]\n/,
    );
    expect(stdout).toContain(
      `no connection opens or closes; between 1 pair of ends that is not known, or not all of it\n[1] ${fact}\n`,
    );
  });

  it("is known where the labels are", async () => {
    const namespace = (labels: string): string =>
      `{apiVersion: v1, kind: Namespace, metadata: {name: jobs, labels: {${labels}}}}`;
    const other = await diff([namespace("team: a"), closed], [namespace("team: a"), byTeam]);
    expect([other.code, other.stdout]).toEqual([0, expect.stringMatching(/^no connection opens or closes\n/)]);
    const same = await diff([namespace("team: data"), closed], [namespace("team: data"), byTeam]);
    expect([same.code, same.stdout]).toEqual([1, expect.stringContaining("+ jobs/cron -> shop/web  TCP 80\n")]);
  });

  it("is one that stays the same however things are no change", async () => {
    const { code, stdout } = await diff([byTeam], [byTeam]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^no connection opens or closes\n/)]);
  });

  it("closes where a block that holds every address is left out", async () => {
    const everywhere = policy(
      "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]}",
    );
    expect((await diff([everywhere], [closed])).stdout).toContain("- jobs/cron -> shop/web  TCP 80\n");
  });

  it("is all that a policy of another kind may change, when it comes, goes, or says another thing", async () => {
    const { code, stdout } = await diff([closed], [closed, cilium]);
    expect(code).toBe(1);
    expect(stdout).toContain("? every address -> shop/web  all may open [1]\n");
    expect(stdout).toContain("? jobs/cron -> shop/web  all may open [1]\n");
    expect(stdout).toContain("[1] CiliumNetworkPolicy shop/c ");
    expect((await diff([cilium], [])).stdout).toContain("? jobs/cron -> shop/web  all may open [1]\n");
    expect((await diff([cilium], [cilium])).code).toBe(0);
    const changed = cilium.replace("ingress: [{}]", "ingress: [{fromEntities: [world]}]");
    expect((await diff([cilium], [changed])).stdout).toContain("? jobs/cron -> shop/web  all may close [1][2]\n");
  });

  it("is that in every format, and where one way is looked at", async () => {
    expect((await diff([closed], [byTeam], " --format markdown")).stdout).toContain(`? TCP 80 may open \\[1\\]`);
    expect((await diff([closed], [byTeam], " --format markdown")).stdout).toContain("labels of namespace jobs");
    expect((await diff([closed], [byTeam], " --format github")).stdout).toMatch(
      /^::warning title=perhaps opened.*labels/,
    );
    expect((await diff([closed], [byTeam], " --opened-only")).code).toBe(1);
    expect((await diff([closed], [byTeam], " --closed-only")).code).toBe(0);
    const json = JSON.parse((await diff([closed], [byTeam], " --format json")).stdout);
    expect(json).toMatchObject({ openedPairs: 0, closedPairs: 0, unknownPairs: 1 });
    expect(json.blocks[0]).toMatchObject({
      opened: { TCP: [] },
      unknown: { opened: { TCP: [{ first: 80, last: 80 }] }, missing: [{ kind: "namespace-labels", text: fact }] },
    });
  });
});

describe("a change of what is reached by a domain name", () => {
  const accept =
    '{action: Accept, to: [{domainNames: ["a.example.org"]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}';
  const deny = (block: string): string => `{action: Deny, to: [{networks: ["${block}"]}]}`;
  const tier = (subject: string, ...rules: readonly string[]): string =>
    `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: c}, spec: {tier: Admin, priority: 1, subject: {namespaces: ${subject}}, egress: [${[...rules, deny("203.0.113.0/24"), deny("0.0.0.0/0")].join(", ")}]}}`;
  const web = "{matchLabels: {kubernetes.io/metadata.name: shop}}";

  it("is known where a rule comes or goes", async () => {
    const { stdout } = await diff([tier(web)], [tier(web, accept)]);
    expect(stdout).toContain("  + shop/web -> a.example.org by name  TCP 443\n");
    expect((await diff([tier(web, accept)], [tier(web, accept)])).code).toBe(0);
  });

  it("is not known where another rule is for some of the addresses that the name may stand for", async () => {
    const { stdout, code } = await diff([tier(web, accept)], [tier(web, deny("198.51.100.0/24"), accept)]);
    expect(code).toBe(1);
    expect(stdout).toContain("  ? shop/web -> a.example.org by name  TCP 443 may close");
    expect(stdout).toContain("which addresses a.example.org stands for");
    const before = tier(web, deny("198.51.100.0/24"), accept);
    expect((await diff([before], [before])).code).toBe(0);
    const other = await diff([before], [tier(web, deny("192.0.2.0/24"), accept)]);
    expect(other.stdout).toContain(
      "  ? shop/web -> a.example.org by name  TCP 443 may open [1]\n  ? shop/web -> a.example.org by name  TCP 443 may close [1]\n",
    );
    expect((await diff([tier(web, accept)], [tier(web, deny('0.0.0.0/0", "::/0'), accept)])).stdout).toContain(
      "  - shop/web -> a.example.org by name  TCP 443\n",
    );
  });

  it("is not known where labels say whether the rule is for the pod, or another kind of policy may", async () => {
    const labels = await diff(
      [tier(web)],
      [tier(web), tier("{matchLabels: {team: a}}", accept).replace("name: c}", "name: b}")],
    );
    expect(labels.stdout).toContain("  ? ");
    expect(labels.stdout).toContain("the labels of namespaces shop and jobs: policies ask for team");
    const egress = cilium.replace("ingress", "egress");
    const judged = await diff([tier(web), egress], [tier(web, accept), egress]);
    expect(judged.stdout).toContain("  ? shop/web -> a.example.org by name  TCP 443 may open");
    expect(judged.stdout).toContain("CiliumNetworkPolicy shop/c");
  });
});
