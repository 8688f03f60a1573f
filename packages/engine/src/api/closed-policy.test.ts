import { describe, expect, it } from "vitest";
import { formatSelector } from "../model/selector.ts";
import { policyOf, policyText, readText } from "./testing.ts";

const bad = "ingress: [{ports: [{port: 0}]}]";

describe("a policy that cannot be used", () => {
  it("stands closed for what it selects, without rules, saying why", () => {
    const policy = policyOf(policyText(`  podSelector: {matchLabels: {app: web}}\n  ${bad}`));
    expect(policy).toMatchObject({
      namespace: "default",
      name: "web",
      directions: ["ingress"],
      ingress: [],
      egress: [],
      closedBecause: "spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
    });
    expect(formatSelector(policy.podSelector)).toBe("app=web");
  });

  it.each([
    [`  policyTypes: [Egress]\n  ${bad}`, ["egress"]],
    [`  policyTypes: [Ingress, Egress]\n  ${bad}`, ["ingress", "egress"]],
    [`  ${bad}\n  egress: [{}]`, ["ingress", "egress"]],
    [`  ${bad}\n  egress: {to: []}`, ["ingress", "egress"]],
    ["  policyTypes: [egress]", ["ingress", "egress"]],
    ["  policyTypes: Ingress", ["ingress", "egress"]],
    ["  policyTypes: [Ingress, 1]", ["ingress", "egress"]],
    ["  policyType: [Egress]", ["ingress", "egress"]],
    ["  [a]", ["ingress", "egress"]],
    ["  {}\npolicyTypes: [Egress]", ["ingress", "egress"]],
    ["  {}\nstatus: {}", ["ingress"]],
  ])("closes the directions it names, and both where they cannot be told: %j", (spec, directions) => {
    const policy = policyOf(policyText(spec));
    expect(policy.closedBecause).toBeDefined();
    expect(policy.directions).toEqual(directions);
  });

  it.each([
    "podSelector: {matchLabels: {app: true}}",
    "podSelector: {app: web}",
    "podSelector: web",
    "podselector: {}",
  ])("closes every pod of its namespace when its selector cannot be read: %s", (selector) => {
    expect(formatSelector(policyOf(policyText(`  ${selector}`)).podSelector)).toBe("*");
  });

  it("is named after where it is when it has no name", () => {
    const policy = policyOf("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: shop}\n");
    expect(policy).toMatchObject({ namespace: "shop", name: "(unnamed at a.yaml:1:1)" });
  });

  it("is left out, and reported, when no namespace can be told", () => {
    const { objects, diagnostics } = readText(policyText("  {}").replace("name: web", "{name: web, namespace: [a]}"));
    expect(objects).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["PW1012"]);
  });

  it("stands closed when only its apiVersion is missing", () => {
    expect(policyOf(policyText("  {}").replace(/^apiVersion.*\n/, "")).closedBecause).toMatch(/^apiVersion: Required/);
  });

  it("stands closed when its document is no YAML but names it: all pods, both directions", () => {
    const broken = policyText("  podSelector:\n    matchLabels: {app: web}\n\tpolicyTypes: [Ingress]");
    const { objects, diagnostics } = readText(
      `${broken}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n`,
    );
    expect(objects).toMatchObject([
      { kind: "Namespace", name: "shop" },
      {
        kind: "NetworkPolicy",
        namespace: "default",
        name: "web",
        directions: ["ingress", "egress"],
        podSelector: { requirements: [] },
        closedBecause: "a tab is used for indentation",
      },
    ]);
    expect(diagnostics).toMatchObject([
      { code: "PW1002", help: expect.stringContaining("NetworkPolicy web closes every pod of namespace default") },
    ]);
  });

  it("stands closed when an alias in it has no anchor, in a list too", () => {
    const text = `kind: List\napiVersion: v1\nitems:\n- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {name: p}\n  spec: *x\n`;
    expect(policyOf(text)).toMatchObject({ name: "p", closedBecause: expect.stringContaining("no anchor") });
  });

  it("harms no other policy of its file", () => {
    const { objects } = readText(`${policyText(`  ${bad}`)}---\n${policyText("  {}").replace("web", "good")}`);
    expect(objects.map((object) => object.kind === "NetworkPolicy" && object.closedBecause === undefined)).toEqual([
      false,
      true,
    ]);
  });
});
