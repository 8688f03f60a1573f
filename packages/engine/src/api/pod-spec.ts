import type { ContainerPort } from "../model/pod.ts";
import type { Field } from "./field.ts";
import { child, items } from "./read-field.ts";
import { checkPortName, checkPortNumber, readProtocol } from "./policy-port.ts";
import { required } from "./problem.ts";
import { readBoolean, readInt32, readString } from "./read-scalar.ts";

/** What podwall uses of a PodSpec. */
export interface PodSpec {
  readonly hostNetwork: boolean;
  readonly ports: readonly ContainerPort[];
}

/** Ports are those of containers and of sidecars: init containers with `restartPolicy: Always`. */
export function readPodSpec(spec: Field): PodSpec {
  const sidecars = items(child(spec, "initContainers")).filter(
    (container) => readString(child(container, "restartPolicy")) === "Always",
  );
  const containers = items(child(spec, "containers"));
  const all = sidecars.length === 0 ? containers : [...containers, ...sidecars];
  const hostNetwork = readBoolean(child(spec, "hostNetwork")) ?? false;
  const [first] = all;
  // A flattened list has room for more: with one container, as most pods have, a cluster's lists would be twice as large.
  return { hostNetwork, ports: first && all.length === 1 ? readPorts(first) : all.flatMap(readPorts) };
}

function readPorts(container: Field): readonly ContainerPort[] {
  return items(child(container, "ports")).map(readContainerPort);
}

function readContainerPort(field: Field): ContainerPort {
  const portField = child(field, "containerPort");
  const port = readInt32(portField);
  if (portField.node === undefined) required(portField, "PW2005", "");
  if (port !== undefined) checkPortNumber(portField, port);
  const name = readString(child(field, "name")) ?? "";
  if (name !== "") checkPortName(child(field, "name"), name);
  const protocol = readProtocol(child(field, "protocol"));
  return { protocol, port: port ?? 0, ...(name === "" ? {} : { name }) };
}
