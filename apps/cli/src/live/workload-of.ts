import type { WorkloadKind, WorkloadReference } from "@podwall/engine";
import type { KubeObject } from "@podwall/kube";

/**
 * The workload that a pod is a replica of, by its controller. A ReplicaSet of a Deployment has the Deployment's name and the
 * pods' `pod-template-hash`; no other object needs to be read for it.
 */
export function workloadOf({ metadata }: KubeObject): WorkloadReference | undefined {
  const { ownerReferences, labels } = metadata as Readonly<Record<string, unknown>>;
  const owners = Array.isArray(ownerReferences) ? (ownerReferences as readonly Owner[]) : [];
  const owner = owners.find(({ controller }) => controller === true);
  const kind = kinds.find((known) => known === owner?.kind);
  if (kind === undefined || typeof owner?.name !== "string") return undefined;
  const hash = (labels as Readonly<Record<string, unknown>> | undefined)?.["pod-template-hash"];
  const end = `-${String(hash)}`;
  if (kind === "ReplicaSet" && typeof hash === "string" && owner.name.endsWith(end)) {
    return { kind: "Deployment", name: owner.name.slice(0, -end.length) };
  }
  return { kind, name: owner.name };
}

interface Owner {
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly controller?: unknown;
}

const kinds: readonly WorkloadKind[] = ["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController"];
