import { clusterFrom, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";
import { plainStyle } from "../style.ts";
import { connectionMap } from "./connection-map.ts";
import { mapCsv } from "./map-csv.ts";
import { mapText } from "./map-text.ts";

const web = "{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web}, status: {podIP: 10.0.0.1}}";
const accept =
  "{action: Accept, to: [{domainNames: [a.example.org]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}";
const deny = (block: string): string => `{action: Deny, to: [{networks: ["${block}"]}]}`;
const tier = (subject: string, ...rules: readonly string[]): string =>
  `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: c}, spec: {tier: Admin, priority: 1, subject: {namespaces: ${subject}}, egress: [${rules.join(", ")}]}}`;

function mapOf(...documents: readonly string[]) {
  const { objects, others, diagnostics } = readManifests([{ name: "in.yaml", text: documents.join("\n---\n") }]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return connectionMap(clusterFrom(objects), others);
}

/** The line that is about a name, and the notes. */
function linesOf(...documents: readonly string[]): readonly string[] {
  const lines = mapText(mapOf(...documents), plainStyle).split("\n");
  return lines.filter((line) => line.includes("by name") || line.startsWith("["));
}

describe("a line of a map that is about a domain name", () => {
  it("is known where no rule before tells addresses apart", () => {
    expect(linesOf(web, tier("{}", accept, deny("0.0.0.0/0")))).toEqual(["shop/web -> a.example.org  TCP 443 by name"]);
  });

  it("is not known where one does, and is none where one denies every address", () => {
    const lines = linesOf(web, tier("{}", deny("203.0.113.0/24"), accept));
    expect(lines).toEqual([
      "shop/web       -> a.example.org  unknown: TCP 443 [1] by name",
      "[1] which addresses a.example.org stands for: other rules treat some addresses differently",
    ]);
    expect(linesOf(web, tier("{}", deny("0.0.0.0/0"), accept))).toEqual([]);
    const csv = mapCsv(mapOf(web, tier("{}", deny("203.0.113.0/24"), accept)));
    expect(csv).toContain("shop/web,a.example.org,TCP,443,yes,unknown,which addresses");
  });

  it("is not known where it is not whether the policy is for the pod", () => {
    const lines = linesOf(web, tier("{matchLabels: {team: a}}", accept));
    expect(lines).toEqual([
      "shop/web -> a.example.org  unknown: TCP 443 [1] by name",
      "[1] the labels of namespace shop: policies ask for team, and its Namespace object is not in the input",
    ]);
  });

  it("is not known where a policy that is not judged by may select the pod", () => {
    const cilium =
      "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {namespace: shop, name: net}, spec: {endpointSelector: {}, egress: [{}]}}";
    const lines = linesOf(web, tier("{}", accept), cilium);
    expect(lines[0]).toMatch(/^shop\/web +-> a\.example\.org +unknown: TCP 443 \[\d\] by name$/);
    expect(lines.some((line) => line.includes("CiliumNetworkPolicy shop/net"))).toBe(true);
  });
});
