import type { WorkloadKind } from "../model/pod.ts";
import type { Workload } from "../model/workload.ts";
import type { Field } from "./field.ts";
import { child, descendant } from "./read-field.ts";
import { readMeta, readNamespace } from "./object-meta.ts";
import { readPodSpec } from "./pod-spec.ts";
import { invalid } from "./problem.ts";
import { readInt32, readStringMap } from "./read-scalar.ts";
import { readScrapeHint } from "./scrape-hint.ts";

/** Makes the reader of a workload kind. */
export function workloadDecoder(kind: WorkloadKind): (root: Field) => Workload {
  const { owner, count } = shapes[kind];
  return (root) => {
    const metadata = child(root, "metadata");
    const { name } = readMeta(metadata);
    const spec = descendant(root, ...owner);
    const template = child(spec, "template");
    return {
      kind,
      namespace: readNamespace(metadata),
      name,
      labels: readStringMap(descendant(template, "metadata", "labels")),
      ...(count === undefined ? {} : { replicas: readCount(child(spec, count)) }),
      ...readPodSpec(child(template, "spec")),
      ...readScrapeHint(child(template, "metadata")),
      range: root.range,
    };
  };
}

interface Shape {
  /** The field that holds the pod template, and how many pods are asked for. */
  readonly owner: readonly string[];
  readonly count?: string;
}

const shapes: Readonly<Record<WorkloadKind, Shape>> = {
  Deployment: { owner: ["spec"], count: "replicas" },
  ReplicaSet: { owner: ["spec"], count: "replicas" },
  StatefulSet: { owner: ["spec"], count: "replicas" },
  ReplicationController: { owner: ["spec"], count: "replicas" },
  DaemonSet: { owner: ["spec"] },
  Job: { owner: ["spec"], count: "parallelism" },
  CronJob: { owner: ["spec", "jobTemplate", "spec"], count: "parallelism" },
};

/** One where the manifest does not say: the API server's default. */
function readCount(field: Field): number {
  const count = readInt32(field) ?? 1;
  if (count < 0) invalid(field, "PW1012", count, "must be greater than or equal to 0");
  return count;
}
