import { describe, expect, it } from "vitest";
import { readManifests } from "../../api/read-manifests.ts";
import { clusterFrom } from "../../model/cluster-from.ts";
import { formatConnections } from "../../net/connection-set.ts";
import type { DiffEnd } from "./cluster-diff.ts";
import { diffClusters } from "./diff-clusters.ts";

/** Of namespace `named` only the name is known. */
const pods = `
apiVersion: v1
kind: Namespace
metadata: {name: given}
---
apiVersion: v1
kind: Pod
metadata: {namespace: named, name: a}
---
apiVersion: v1
kind: Pod
metadata: {namespace: given, name: b}`;

const everyone = "{}";
const labelled = "{matchExpressions: [{key: app, operator: Exists}]}";

function policy(name: string, priority: number, subject: string, rules: string): string {
  return `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec: {tier: Admin, priority: ${priority}, subject: {namespaces: ${subject}}, ${rules}}`;
}

/** What changes for sure and what may, for each source and destination that are pods. */
function changes(before: readonly string[], after: readonly string[]): readonly string[] {
  const [was, is] = [before, after].map((policies) => {
    const { objects, diagnostics } = readManifests([{ name: "a.yaml", text: [pods, ...policies].join("\n---\n") }]);
    expect(diagnostics).toEqual([]);
    return clusterFrom(objects);
  });
  if (was === undefined || is === undefined) throw new Error("a change has two states");
  const { blocks } = diffClusters(was, is, { before: { others: [] }, after: { others: [] } });
  const names = (ends: readonly DiffEnd[]): string[] => ends.flatMap((end) => (end.kind === "pods" ? end.name : []));
  return blocks
    .flatMap(({ sources, destinations, opened, closed, unknown }) =>
      names(sources).flatMap((from) =>
        names(destinations).map((to) => {
          const sure = `+${formatConnections(opened)} -${formatConnections(closed)}`;
          const maybe = unknown && ` ?+${formatConnections(unknown.opened)} ?-${formatConnections(unknown.closed)}`;
          return `${from} > ${to}: ${sure}${maybe ?? ""}`;
        }),
      ),
    )
    .sort();
}

describe("a change of policies for a whole cluster, of which the input does not say whether they select a pod", () => {
  const deniesAll = policy("deny", 5, labelled, "egress: [{action: Deny, to: [{namespaces: {}}]}]");
  const deniesAllIngress = policy("deny-ingress", 5, labelled, "ingress: [{action: Deny, from: [{namespaces: {}}]}]");

  it("may change what the pod sends, though nothing does as the input is", () => {
    expect(changes([], [deniesAll])).toEqual(["named/a > given/b: +none -none ?+none ?-all"]);
    expect(changes([deniesAll], [])).toEqual(["named/a > given/b: +none -none ?+all ?-none"]);
  });

  it("may change what the pod takes", () => {
    expect(changes([], [deniesAllIngress])).toEqual(["given/b > named/a: +none -none ?+none ?-all"]);
  });

  it("may be a change of another policy that comes after one of these now", () => {
    const accepts = (priority: number): string =>
      policy("accept", priority, everyone, "egress: [{action: Accept, to: [{namespaces: {}}]}]");
    expect(changes([accepts(1), deniesAll], [accepts(10), deniesAll])).toEqual([
      "named/a > given/b: +none -none ?+none ?-all",
    ]);
  });

  it("is none where the policies are the same", () => {
    expect(changes([deniesAll, deniesAllIngress], [deniesAllIngress, deniesAll])).toEqual([]);
  });
});
