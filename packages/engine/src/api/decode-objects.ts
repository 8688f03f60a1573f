import type { WorkloadKind } from "../model/pod.ts";
import { diagnostic } from "../source/catalogue.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceNode } from "../source/source-node.ts";
import type { ApiObject } from "../model/api-object.ts";
import { closedPolicy, isNetworkPolicy } from "./closed-policy.ts";
import { decodeClusterNode } from "./cluster-node.ts";
import type { Field } from "./field.ts";
import { flattenLists, type RawObject } from "./flatten-lists.ts";
import { decodeNamespace } from "./namespace.ts";
import { decodeNetworkPolicy } from "./network-policy.ts";
import { decodePod } from "./pod.ts";
import { decodeService } from "./service.ts";
import { workloadDecoder } from "./workload.ts";

export interface DecodedObjects {
  readonly objects: readonly ApiObject[];
  readonly diagnostics: readonly Diagnostic[];
  /** How many objects of each kind were passed over because podwall has no use for them. */
  readonly ignored: ReadonlyMap<string, number>;
}

/**
 * Reads the objects of documents. An object with an error is left out, but for a policy, which comes back closed:
 * a policy that is not understood must not leave its subjects open.
 */
export function decodeObjects(documents: Iterable<SourceNode>): DecodedObjects {
  const objects: ApiObject[] = [];
  const diagnostics: Diagnostic[] = [];
  const ignored = new Map<string, number>();
  for (const raw of objectsIn(documents)) {
    const decode = decoders.get(`${raw.apiVersion} ${raw.kind}`);
    if (decode === undefined && raw.kind !== "" && raw.apiVersion !== "") {
      ignored.set(raw.kind, (ignored.get(raw.kind) ?? 0) + 1);
      continue;
    }
    const object = decode === undefined ? decodeUnclear(raw) : decodeUsable(raw, decode);
    if (object !== undefined) objects.push(object);
    for (const problem of raw.root.problems) diagnostics.push(problem);
  }
  return { objects, diagnostics, ignored };
}

function* objectsIn(documents: Iterable<SourceNode>): Generator<RawObject, void, undefined> {
  for (const document of documents) {
    for (const object of flattenLists(document)) yield object;
  }
}

type Decoder = (root: Field) => ApiObject | undefined;

/** By `apiVersion kind`. */
const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["networking.k8s.io/v1 NetworkPolicy", decodeNetworkPolicy],
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

function decodeUsable({ root }: RawObject, decode: Decoder): ApiObject | undefined {
  const object = decode(root);
  if (object?.kind === "NetworkPolicy") return object;
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
  return isNetworkPolicy(root) ? closedPolicy(root, message) : undefined;
}
