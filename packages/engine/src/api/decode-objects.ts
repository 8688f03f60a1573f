import type { ClusterPolicyKind } from "../model/cluster-policy.ts";
import type { WorkloadKind } from "../model/pod.ts";
import type { WebhookConfiguration } from "../model/webhook-configuration.ts";
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
import { type IgnoreNote, readIgnoreNote } from "./ignore-note.ts";
import { decodePodMonitor, decodeServiceMonitor } from "./monitor.ts";
import { decodeNamespace } from "./namespace.ts";
import { decodeNetworkPolicy } from "./network-policy.ts";
import { decodePod } from "./pod.ts";
import { readOtherObject } from "./other-object.ts";
import { policyKindOf, policyVersions } from "./policy-kind.ts";
import { child } from "./read-field.ts";
import { decodeService } from "./service.ts";
import { webhookDecoder } from "./webhook-configuration.ts";
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
  /** Annotations that say which findings about an object are not wanted. */
  readonly notes: readonly IgnoreNote[];
  /** How many documents are podwall's own, assertions, which are no objects of a cluster. */
  readonly own: number;
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
  const notes: IgnoreNote[] = [];
  let own = 0;
  for (const raw of objectsIn(documents)) {
    if (raw.apiVersion === "podwall.dev/v1" && raw.kind === "Assertions") {
      own++;
      continue;
    }
    const decode = decoders.get(`${raw.apiVersion} ${raw.kind}`);
    const note = readIgnoreNote(raw.root);
    if (note !== undefined) notes.push(note);
    const unclear = raw.kind === "" || raw.apiVersion === "";
    if (decode === undefined && !unclear && policyKindOf(raw.apiVersion, raw.kind) === undefined) {
      const other = readOtherObject(raw);
      if (other === undefined) ignored.set(raw.kind, (ignored.get(raw.kind) ?? 0) + 1);
      else others.push(other);
      continue;
    }
    const object = decodeAs(raw, unclear ? "unclear" : decode);
    if (object !== undefined) objects.push(object);
    else leftOut.set(raw.kind, (leftOut.get(raw.kind) ?? 0) + 1);
    for (const problem of reportedOf(raw)) diagnostics.push(problem);
    if (diagnostics.length >= maxProblems && diagnostics.filter(isError).length >= maxProblems) {
      diagnostics.push(tooManyErrors(raw));
      break;
    }
  }
  return { objects, diagnostics, ignored, leftOut, others, notes, own };
}

/** Nobody reads as many, and an input may have them by the million. */
const maxProblems = 10_000;
const maxProblemsOfObject = 1_000;

function reportedOf({ root: { problems, range } }: RawObject): readonly Diagnostic[] {
  if (problems.length <= maxProblemsOfObject) return problems;
  const message = `${problems.length - maxProblemsOfObject} more problems are in this object`;
  const start = { ...range, end: range.start };
  const rest = diagnostic("PW1008", message, { range: start, help: "mend those that are shown first" });
  return [...problems.slice(0, maxProblemsOfObject), rest];
}

function tooManyErrors({ root: { range } }: RawObject): Diagnostic {
  const message = `there are more than ${maxProblems} errors; what comes after this object is not read`;
  return diagnostic("PW1008", message, { range, help: "mend these errors first" });
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function decodeAs(raw: RawObject, decode: Decoder | "unclear" | undefined): ApiObject | undefined {
  const { start, end } = raw.root.range;
  if (end - start > largestObject) return decodeTooLarge(raw);
  if (decode === "unclear") return decodeUnclear(raw);
  return decode === undefined ? decodeUnserved(raw) : decodeUsable(raw, decode);
}

/** An API server's store takes 1.5 MB of JSON; there may be comments and indentation besides. */
const largestObject = 4_000_000;

function decodeTooLarge({ root, apiVersion, kind }: RawObject): ApiObject | undefined {
  const message = `the object is larger than ${largestObject / 1_000_000} MB`;
  const range = { ...root.range, end: root.range.start };
  root.problems.push(diagnostic("PW1008", message, { range, help: "Kubernetes stores no object as large: split it" }));
  const policyKind = policyKindOf(apiVersion, kind);
  return policyKind === undefined ? undefined : closedObject(root, policyKind, message);
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
  ...(["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"] as const).map(webhookEntry),
  ["monitoring.coreos.com/v1 ServiceMonitor", decodeServiceMonitor],
  ["monitoring.coreos.com/v1 PodMonitor", decodePodMonitor],
]);

function workloadEntry(apiVersion: string): (kind: WorkloadKind) => [string, Decoder] {
  return (kind) => [`${apiVersion} ${kind}`, workloadDecoder(kind)];
}

function webhookEntry(kind: WebhookConfiguration["kind"]): [string, Decoder] {
  return [`admissionregistration.k8s.io/v1 ${kind}`, webhookDecoder(kind)];
}

function clusterPolicyEntry(kind: ClusterPolicyKind): [string, Decoder] {
  return [`${policyVersions[kind]} ${kind}`, clusterPolicyDecoder(kind)];
}

function decodeUsable({ root, apiVersion, kind }: RawObject, decode: Decoder): ApiObject | undefined {
  const object = decode(root);
  if (policyKindOf(apiVersion, kind) !== undefined) return object;
  return root.problems.some(isError) ? undefined : object;
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
