import type { KubeObject } from "@podwall/kube";
import { type LiveKind, apiVersionOf } from "./live-kinds.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What is kept of an object: what its author wrote, as far as it can have to do with connections. What a server adds goes,
 * and so do the values of environment variables, which may be secret.
 */
export function slimObject(object: KubeObject, kind: LiveKind): Fields {
  const { name, namespace, labels, annotations } = object.metadata as Fields;
  const { metadata: _, status, spec, ...rest } = object as Fields;
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name, namespace, labels, annotations: slimAnnotations(annotations) },
    ...rest,
    spec: kind.kind === "Pod" ? slimPodSpec(fieldsOf(spec)) : spec,
    status: slimStatus(fieldsOf(status), kind.kind),
  };
}

/** All but the whole object once more, as kubectl keeps it there. */
function slimAnnotations(annotations: unknown): Fields | undefined {
  const { "kubectl.kubernetes.io/last-applied-configuration": _, ...rest } = fieldsOf(annotations);
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function slimPodSpec(spec: Fields): Fields {
  const { volumes: _, tolerations: __, affinity: ___, ...rest } = spec;
  const lists = ["containers", "initContainers", "ephemeralContainers"].filter((list) => Array.isArray(spec[list]));
  return {
    ...rest,
    ...Object.fromEntries(lists.map((list) => [list, (spec[list] as readonly unknown[]).map(slimContainer)])),
  };
}

function slimContainer(container: unknown): Fields {
  const {
    env: _,
    envFrom: __,
    volumeMounts: ___,
    resources: ____,
    securityContext: _____,
    ...rest
  } = fieldsOf(container);
  return rest;
}

/** Of pods and nodes; the others' says nothing that an answer depends on. */
function slimStatus({ phase, podIP, podIPs, addresses, loadBalancer }: Fields, kind: string): Fields | undefined {
  switch (kind) {
    case "Pod":
      return { phase, podIP, podIPs };
    case "Node":
      return { addresses };
    case "Service":
      return { loadBalancer };
    default:
      return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
