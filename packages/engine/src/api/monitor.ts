import type { Monitor, MonitorPort } from "../model/monitor.ts";
import type { Field } from "./field.ts";
import { readLabelSelector } from "./label-selector.ts";
import { readMeta, readNamespace } from "./object-meta.ts";
import { child, descendant, items } from "./read-field.ts";
import { readBoolean, readInt32, readIntOrString, readString, readStrings } from "./read-scalar.ts";

/** Reads what podwall uses of a ServiceMonitor. */
export function decodeServiceMonitor(root: Field): Monitor {
  return readMonitor(root, "ServiceMonitor", "endpoints", (field): MonitorPort | undefined => {
    const name = readString(child(field, "port")) ?? "";
    if (name !== "") return { kind: "service", name };
    const target = readIntOrString(child(field, "targetPort"));
    return target === undefined ? undefined : { kind: "pod", port: target };
  });
}

/** Reads what podwall uses of a PodMonitor. */
export function decodePodMonitor(root: Field): Monitor {
  return readMonitor(root, "PodMonitor", "podMetricsEndpoints", (field): MonitorPort | undefined => {
    const name = readString(child(field, "port")) ?? "";
    const port = name === "" ? readInt32(child(field, "portNumber")) : name;
    const target = port ?? readIntOrString(child(field, "targetPort"));
    return target === undefined ? undefined : { kind: "pod", port: target };
  });
}

function readMonitor(
  root: Field,
  kind: Monitor["kind"],
  endpoints: string,
  readPort: (field: Field) => MonitorPort | undefined,
): Monitor {
  const metadata = child(root, "metadata");
  const namespace = readNamespace(metadata);
  const where = descendant(root, "spec", "namespaceSelector");
  const named = readStrings(items(child(where, "matchNames")));
  return {
    kind,
    namespace,
    name: readMeta(metadata).name,
    namespaces: readBoolean(child(where, "any")) === true ? "all" : named.length > 0 ? named : [namespace],
    selector: readLabelSelector(descendant(root, "spec", "selector")),
    ports: items(descendant(root, "spec", endpoints)).flatMap((field) => readPort(field) ?? []),
    range: root.range,
  };
}
