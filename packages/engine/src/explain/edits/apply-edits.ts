import { readManifests } from "../../api/read-manifests.ts";
import type { ApiObject } from "../../model/api-object.ts";
import type { Cluster } from "../../model/cluster.ts";
import type { Pod } from "../../model/pod.ts";
import type { Labels } from "../../model/selector.ts";
import type { Workload } from "../../model/workload.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { documentOf, partOf } from "./document-of.ts";
import type { Edit, TextEdit } from "./edit.ts";

/** The cluster of the manifests after edits, read from the changed texts; undefined where one no longer can be read. */
export function applyEdits(cluster: Cluster, edits: readonly Edit[]): Cluster | undefined {
  const texts = [
    ...changedDocuments(edits.flatMap(({ changes }) => changes)),
    ...edits.flatMap(({ added }) => (added === undefined ? [] : [{ name: "added", text: added }])),
  ];
  const { objects, diagnostics } = readManifests(texts);
  if (objects.length === 0 || diagnostics.some(({ severity }) => severity === "error")) return undefined;
  return objects.reduce(withObject, cluster);
}

/** Each document that is changed, as it is then. */
function changedDocuments(changes: readonly TextEdit[]): readonly SourceFile[] {
  const byDocument = new Map<SourceFile, Map<number, { end: number; changes: TextEdit[] }>>();
  for (const change of changes) {
    const { start, end } = documentOf(change);
    const documents = byDocument.get(change.file) ?? new Map<number, { end: number; changes: TextEdit[] }>();
    byDocument.set(change.file, documents);
    const same = documents.get(start) ?? { end, changes: [] };
    documents.set(start, same);
    same.changes.push(change);
  }
  return [...byDocument].flatMap(([file, documents]) =>
    [...documents].map(([start, { end, changes: own }]) => {
      const part = partOf(file, { start, end });
      const fromTheEnd = [...own].sort((a, b) => b.start - a.start);
      return {
        ...part,
        text: fromTheEnd.reduce(
          (text, change) => text.slice(0, change.start - start) + change.text + text.slice(change.end - start),
          part.text,
        ),
      };
    }),
  );
}

/** A cluster with an object as it is now, or with one more policy. */
function withObject(cluster: Cluster, object: ApiObject): Cluster {
  switch (object.kind) {
    case "NetworkPolicy": {
      const others = cluster.policies.filter(
        ({ namespace, name }) => namespace !== object.namespace || name !== object.name,
      );
      return { ...cluster, policies: [...others, object] };
    }
    case "ClusterNetworkPolicy":
    case "AdminNetworkPolicy":
    case "BaselineAdminNetworkPolicy": {
      const others = cluster.clusterPolicies.filter(({ kind, name }) => kind !== object.kind || name !== object.name);
      return { ...cluster, clusterPolicies: [...others, object] };
    }
    case "Namespace":
    case "Node":
    case "Service":
    case "ValidatingWebhookConfiguration":
    case "MutatingWebhookConfiguration":
    case "ServiceMonitor":
    case "PodMonitor":
      return cluster;
    default: {
      const relabelled = (pod: Pod): Pod =>
        isOf(pod, object) ? { ...pod, labels: new Map([...ordinals(pod.labels), ...object.labels]) } : pod;
      return { ...cluster, pods: cluster.pods.map(relabelled) };
    }
  }
}

function isOf(pod: Pod, object: Pod | Workload): boolean {
  if (pod.namespace !== object.namespace) return false;
  if (object.kind === "Pod") return pod.workload === undefined && pod.name === object.name;
  return pod.workload?.kind === object.kind && pod.workload.name === object.name;
}

/** What the controller of a StatefulSet adds. */
function ordinals(labels: Labels): readonly (readonly [string, string])[] {
  return [...labels].filter(
    ([key]) => key === "statefulset.kubernetes.io/pod-name" || key === "apps.kubernetes.io/pod-index",
  );
}
