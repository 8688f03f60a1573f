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
  const containers = [...items(child(spec, "containers")), ...sidecars];
  return {
    hostNetwork: readBoolean(child(spec, "hostNetwork")) ?? false,
    ports: containers.flatMap((container) => items(child(container, "ports")).map(readContainerPort)),
  };
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
