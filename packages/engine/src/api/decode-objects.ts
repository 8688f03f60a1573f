import type { ClusterPolicyKind } from "../model/cluster-policy.ts";
import type { WorkloadKind } from "../model/pod.ts";
import { diagnostic } from "../source/catalogue.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceNode } from "../source/source-node.ts";
import type { ApiObject } from "../model/api-object.ts";
import type { OtherObject } from "../model/other-object.ts";
import { closedObject } from "./closed-object.ts";
import { decodeClusterNode } from "./cluster-node.ts";
import { clusterPolicyDecoder } from "./cluster-policy.ts";
import type { Field } from "./field.ts";
import { flattenLists, type RawObject } from "./flatten-lists.ts";
import { decodeNamespace } from "./namespace.ts";
import { decodeNetworkPolicy } from "./network-policy.ts";
import { decodePod } from "./pod.ts";
import { readOtherObject } from "./other-object.ts";
import { policyKindOf, policyVersions } from "./policy-kind.ts";
import { child } from "./read-field.ts";
import { decodeService } from "./service.ts";
import { workloadDecoder } from "./workload.ts";

export interface DecodedObjects {
  readonly objects: readonly ApiObject[];
  readonly diagnostics: readonly Diagnostic[];
  /** How many objects of each kind were passed over because podwall has no use for them. */
  readonly ignored: ReadonlyMap<string, number>;
  /** How many objects of each kind were left out because of an error. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Objects that change answers and are not judged by. */
  readonly others: readonly OtherObject[];
}

/**
 * Reads the objects of documents. An object with an error is left out, but for a policy, which comes back closed:
 * a policy that is not understood must not leave its subjects open.
 */
export function decodeObjects(documents: Iterable<SourceNode>): DecodedObjects {
  const objects: ApiObject[] = [];
  const diagnostics: Diagnostic[] = [];
  const ignored = new Map<string, number>();
  const leftOut = new Map<string, number>();
  const others: OtherObject[] = [];
  for (const raw of objectsIn(documents)) {
    const decode = decoders.get(`${raw.apiVersion} ${raw.kind}`);
    const unclear = raw.kind === "" || raw.apiVersion === "";
    if (decode === undefined && !unclear && policyKindOf(raw.apiVersion, raw.kind) === undefined) {
      const other = readOtherObject(raw);
      if (other === undefined) ignored.set(raw.kind, (ignored.get(raw.kind) ?? 0) + 1);
      else others.push(other);
      continue;
    }
    const object =
      decode !== undefined ? decodeUsable(raw, decode) : unclear ? decodeUnclear(raw) : decodeUnserved(raw);
    if (object !== undefined) objects.push(object);
    else leftOut.set(raw.kind, (leftOut.get(raw.kind) ?? 0) + 1);
    for (const problem of raw.root.problems) diagnostics.push(problem);
  }
  return { objects, diagnostics, ignored, leftOut, others };
}

function* objectsIn(documents: Iterable<SourceNode>): Generator<RawObject, void, undefined> {
  for (const document of documents) {
    for (const object of flattenLists(document)) yield object;
  }
}

type Decoder = (root: Field) => ApiObject | undefined;

/** By `apiVersion kind`. */
const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  [`${policyVersions.NetworkPolicy} NetworkPolicy`, decodeNetworkPolicy],
  ...(["ClusterNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy"] as const).map(clusterPolicyEntry),
  ["v1 Namespace", decodeNamespace],
  ["v1 Pod", decodePod],
  ["v1 Service", decodeService],
  ["v1 Node", decodeClusterNode],
  ["v1 ReplicationController", workloadDecoder("ReplicationController")],
  ...(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"] as const).map(workloadEntry("apps/v1")),
  ...(["Job", "CronJob"] as const).map(workloadEntry("batch/v1")),
]);

function workloadEntry(apiVersion: string): (kind: WorkloadKind) => [string, Decoder] {
  return (kind) => [`${apiVersion} ${kind}`, workloadDecoder(kind)];
}

function clusterPolicyEntry(kind: ClusterPolicyKind): [string, Decoder] {
  return [`${policyVersions[kind]} ${kind}`, clusterPolicyDecoder(kind)];
}

function decodeUsable({ root, apiVersion, kind }: RawObject, decode: Decoder): ApiObject | undefined {
  const object = decode(root);
  if (policyKindOf(apiVersion, kind) !== undefined) return object;
  return root.problems.some(({ severity }) => severity === "error") ? undefined : object;
}

/** Something that does not say what it is. */
function decodeUnclear({ root, apiVersion, kind }: RawObject): ApiObject | undefined {
  const { range } = root;
  if (root.node?.kind !== "mapping") {
    const help = "every document is one object: a mapping with `apiVersion`, `kind` and `metadata`";
    root.problems.push(diagnostic("PW1011", "this document is not a Kubernetes object", { range, help }));
    return undefined;
  }
  const missing = apiVersion === "" ? "apiVersion" : "kind";
  const example = [...decoders.keys()].find((known) => kind !== "" && known.endsWith(` ${kind}`))?.split(" ")[0];
  const help = example === undefined ? `add \`${missing}\`` : `add \`apiVersion: ${example}\``;
  const message = `${missing}: Required value: an object must say its ${missing}`;
  root.problems.push(diagnostic("PW1011", message, { range, help }));
  const policyKind = policyKindOf(apiVersion, kind);
  return policyKind === undefined ? undefined : closedObject(root, policyKind, message);
}

/** A policy of a version that is not, or no longer, served: to pass over it would leave its subjects open. */
function decodeUnserved({ root, apiVersion, kind }: RawObject): ApiObject | undefined {
  const policyKind = policyKindOf(apiVersion, kind);
  if (policyKind === undefined) return undefined;
  const message = `no matches for kind "${kind}" in version "${apiVersion}"`;
  const since = apiVersion.startsWith("extensions/") ? "; Kubernetes 1.16 removed the old one" : "";
  const help = `write \`apiVersion: ${policyVersions[policyKind]}\`${since}`;
  root.problems.push(diagnostic("PW2031", message, { range: child(root, "apiVersion").range, help }));
  return closedObject(root, policyKind, message);
}
