import { describe, expect, it } from "vitest";
import { formatSelector } from "../model/selector.ts";
import { clusterPolicyOf, clusterPolicyText, readText } from "./testing.ts";

const subject = "subject: {pods: {podSelector: {matchLabels: {app: web}}}}";
const deny = "{action: Deny, from: [{namespaces: {}}]}";

/** `tier priority`, the directions that are closed, and the subject's selectors. */
function closingOf(text: string): readonly [string, string, string] {
  const policy = clusterPolicyOf(text);
  expect(policy.closedBecause).toBe(readText(text).diagnostics.find(({ severity }) => severity === "error")?.message);
  const closed = (["ingress", "egress"] as const).filter((direction) => policy[direction].length > 0);
  for (const direction of closed) {
    expect(policy[direction]).toMatchObject([{ action: "Deny", peers: [{ kind: "unknown" }], ports: [] }]);
  }
  const { namespaceSelector, podSelector } = policy.subject;
  const selected = [namespaceSelector, ...(podSelector === undefined ? [] : [podSelector])].map(formatSelector);
  return [`${policy.tier} ${policy.priority}`, closed.join(" and "), selected.join(" / ")];
}

describe("a cluster-wide policy that cannot be used", () => {
  it("denies what it selects everything, at its tier and priority, in the directions that have rules", () => {
    const bad = `{tier: Baseline, priority: 9, ${subject}, ingress: [${deny.replace("Deny", "deny")}], egress: []}`;
    expect(closingOf(clusterPolicyText(bad))).toEqual(["Baseline 9", "ingress", "* / app=web"]);
  });

  it("comes before everything where its tier and priority cannot be told", () => {
    const text = `{tier: admin, priority: 1001, ${subject}, ingress: [${deny}]}`;
    expect(closingOf(clusterPolicyText(text))[0]).toBe("Admin 0");
    expect(closingOf(clusterPolicyText(text.replace("admin, priority: 1001", "Baseline, priority: x")))[0]).toBe(
      "Baseline 0",
    );
  });

  it("is of its kind's tier in v1alpha1", () => {
    const text = `{${subject}, ingress: [${deny}], egress: x}`;
    expect(closingOf(clusterPolicyText(text, "BaselineAdminNetworkPolicy"))).toEqual([
      "Baseline 1000",
      "ingress and egress",
      // A v1alpha1 subject must say its namespaces.
      "*",
    ]);
    expect(closingOf(clusterPolicyText(text, "AdminNetworkPolicy"))[0]).toBe("Admin 0");
  });

  it.each([
    ["{tier: x, egress: [{}]}", "egress"],
    ["{tier: x, ingress: {}}", "ingress"],
    ["{tier: x, ingress: [], egress: ~}", ""],
    ["{tier: x, egres: [{}]}", "ingress and egress"],
    ["{tier: x}\negress: []", "ingress and egress"],
    ["[]", "ingress and egress"],
    ["~", "ingress and egress"],
  ])("closes the directions that have rules, both where they cannot be told: %s", (spec, directions) => {
    expect(closingOf(clusterPolicyText(spec))[1]).toBe(directions);
  });

  it.each(["~", "{}", "web", "{namespaces: {app: web}}", "{namespaces: {matchExpressions: [{key: a, operator: Gt}]}}"])(
    "closes every pod of the cluster when its subject cannot be read: %s",
    (unreadable) => {
      const text = clusterPolicyText(`{tier: Admin, priority: 1, subject: ${unreadable}, ingress: [${deny}]}`);
      expect(closingOf(text)[2]).toBe("*");
    },
  );

  it("is named after where it is when it has no name", () => {
    const text = clusterPolicyText(`{tier: Admin, priority: 1, ${subject}}`).replace("name: default", "{}");
    expect(clusterPolicyOf(text)).toMatchObject({ name: "(unnamed at a.yaml:1:1)" });
  });

  it("stands closed when its apiVersion is missing", () => {
    const text = clusterPolicyText(`{tier: Admin, priority: 1, ${subject}, ingress: [${deny}]}`).replace(
      /^apiVersion.*\n/,
      "",
    );
    expect(closingOf(text)).toEqual(["Admin 1", "ingress", "* / app=web"]);
    expect(readText(text).diagnostics).toMatchObject([
      { code: "PW1011", help: "add `apiVersion: policy.networking.k8s.io/v1alpha2`" },
    ]);
  });

  it("stands closed for every pod, both ways, when its document is no YAML but names it", () => {
    const text = clusterPolicyText(`\n  tier: Baseline\n  priority: 3\n  ${subject}\n\tingress: []`);
    expect(closingOf(text)).toEqual(["Baseline 3", "ingress and egress", "*"]);
    expect(readText(text).diagnostics).toMatchObject([
      {
        code: "PW1002",
        help: expect.stringContaining("until then ClusterNetworkPolicy default closes every pod of the cluster"),
      },
    ]);
  });

  it("is one with the same policy in another file, which replaces it", () => {
    const text = clusterPolicyText(`{tier: Admin, priority: 1, ${subject}}`);
    const { objects, diagnostics } = readText(`${text}---\n${text}---\n${text.replace("priority: 1", "priority: 2")}`);
    expect(objects).toMatchObject([{ priority: 2 }]);
    expect(diagnostics).toMatchObject([
      { code: "PW1014", message: "ClusterNetworkPolicy default is given twice; this one replaces the earlier one" },
    ]);
  });
});

describe("a policy of a version that is not served", () => {
  it.each([
    [
      "NetworkPolicy",
      "extensions/v1beta1",
      "write `apiVersion: networking.k8s.io/v1`; Kubernetes 1.16 removed the old one",
    ],
    ["NetworkPolicy", "networking.k8s.io/v1beta1", "write `apiVersion: networking.k8s.io/v1`"],
    ["NetworkPolicy", "v1", "write `apiVersion: networking.k8s.io/v1`"],
    [
      "ClusterNetworkPolicy",
      "policy.networking.k8s.io/v1alpha1",
      "write `apiVersion: policy.networking.k8s.io/v1alpha2`",
    ],
    [
      "ClusterNetworkPolicy",
      "policy.networking.k8s.io/v1beta1",
      "write `apiVersion: policy.networking.k8s.io/v1alpha2`",
    ],
    [
      "AdminNetworkPolicy",
      "policy.networking.k8s.io/v1alpha2",
      "write `apiVersion: policy.networking.k8s.io/v1alpha1`",
    ],
    ["BaselineAdminNetworkPolicy", "networking.k8s.io/v1", "write `apiVersion: policy.networking.k8s.io/v1alpha1`"],
  ])("%s of %s is an error, and stands closed", (kind, apiVersion, help) => {
    const { objects, diagnostics, ignored } = readText(
      `kind: ${kind}\napiVersion: ${apiVersion}\nmetadata: {name: p}\nspec: {podSelector: {}}\n`,
    );
    const message = `no matches for kind "${kind}" in version "${apiVersion}"`;
    expect(diagnostics).toMatchObject([
      { code: "PW2031", message, help, range: { start: `kind: ${kind}\napiVersion: `.length } },
    ]);
    expect(objects).toMatchObject([{ kind, name: "p", closedBecause: message }]);
    expect(ignored.size).toBe(0);
  });

  it.each([
    ["NetworkPolicy", "crd.projectcalico.org/v1"],
    ["ClusterNetworkPolicy", "crd.antrea.io/v1beta1"],
    ["NetworkPolicy", "example.x-k8s.io/v1"],
  ])("is not %s of %s, another's kind of that name, which is counted", (kind, apiVersion) => {
    const { objects, diagnostics, ignored, others } = readText(
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: p}\n`,
    );
    expect([objects, diagnostics]).toEqual([[], []]);
    expect([...ignored.keys(), ...others.map((other) => other.kind)]).toEqual([kind]);
  });
});
