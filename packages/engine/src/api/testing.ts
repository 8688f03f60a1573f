import type { ClusterPolicy, ClusterPolicyKind } from "../model/cluster-policy.ts";
import type { NetworkPolicy } from "../model/network-policy.ts";
import { formatRange } from "../source/source-file.ts";
import { policyVersions } from "./policy-kind.ts";
import { readManifests } from "./read-manifests.ts";

/** A NetworkPolicy manifest named `web` with this spec, whose lines are indented by two. */
export function policyText(spec: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n${spec}\n`;
}

/** The one policy of a text. */
export function policyOf(text: string): NetworkPolicy {
  const [policy] = readText(text).objects;
  if (policy?.kind !== "NetworkPolicy") throw new Error("there is no policy");
  return policy;
}

/** A manifest of a cluster-wide policy named `default` with this spec, in flow style. */
export function clusterPolicyText(spec: string, kind: ClusterPolicyKind = "ClusterNetworkPolicy"): string {
  return `apiVersion: ${policyVersions[kind]}\nkind: ${kind}\nmetadata:\n  name: default\nspec: ${spec}\n`;
}

/** The one cluster-wide policy of a text. */
export function clusterPolicyOf(text: string): ClusterPolicy {
  const [policy] = readText(text).objects;
  if (policy === undefined || !("tier" in policy)) throw new Error("there is no cluster-wide policy");
  return policy;
}

/** What is said of a text, without where. */
export function messagesOf(text: string): readonly string[] {
  return readText(text).diagnostics.map(({ message }) => message);
}

/** What is said of a text: `CODE line:column`. */
export function placesOf(text: string): readonly string[] {
  return readText(text).diagnostics.map(
    ({ code, range }) => `${code} ${range && formatRange(range).slice("a.yaml:".length)}`,
  );
}

export function readText(text: string): ReturnType<typeof readManifests> {
  return readManifests([{ name: "a.yaml", text }]);
}
