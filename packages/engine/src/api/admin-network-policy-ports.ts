import type { PolicyPort } from "../model/network-policy.ts";
import type { PortsShape } from "./cluster-policy-shape.ts";
import type { Field } from "./field.ts";
import { readProtocol } from "./policy-port.ts";
import { invalid } from "./problem.ts";
import { child } from "./read-field.ts";
import type { ObjectSchema } from "./schema.ts";
import { portNumberSchema, readNumber, readPortName } from "./tier-port.ts";

const item: ObjectSchema = {
  kind: "object",
  fields: {
    portNumber: {
      kind: "object",
      fields: { protocol: { kind: "text" }, port: portNumberSchema },
      required: ["port"],
    },
    namedPort: { kind: "text" },
    portRange: {
      kind: "object",
      fields: { protocol: { kind: "text" }, start: portNumberSchema, end: portNumberSchema },
      required: ["end", "start"],
    },
  },
  notEmpty: true,
  atMostOne: true,
  elsewhere: () => outsideItem,
  renamed: new Map([["destinationNamedPort", "namedPort"]]),
};

const outsideItem: ReadonlyMap<string, string> = new Map([
  ["protocol", "`portNumber` or `portRange`"],
  ["port", "`portNumber`"],
  ["start", "`portRange`"],
  ["end", "`portRange`"],
  ["tcp", "ClusterNetworkPolicy; here it is `protocol` in `portNumber` or `portRange`"],
  ["udp", "ClusterNetworkPolicy; here it is `protocol` in `portNumber` or `portRange`"],
  ["sctp", "ClusterNetworkPolicy; here it is `protocol` in `portNumber` or `portRange`"],
]);

/**
 * Ports as a v1alpha1 rule says them: `ports: [{portNumber: {port: 80}}]`. The API server takes any text for a
 * protocol and a range that ends before it starts; neither can be enforced, so both are errors here.
 */
export const adminNetworkPolicyPorts: PortsShape = {
  key: "ports",
  otherKey: "protocols",
  nameKey: "namedPort",
  item,
  read: (field) => {
    const name = child(field, "namedPort");
    if (name.node !== undefined) return readPortName(field, name);
    const single = child(field, "portNumber");
    return single.node === undefined ? [readRange(field, child(field, "portRange"))] : [readSingle(field, single)];
  },
};

function readSingle(field: Field, single: Field): PolicyPort {
  const port = readNumber(child(single, "port")) ?? 0;
  return {
    path: field.path,
    protocol: readProtocol(child(single, "protocol")),
    port: { kind: "interval", first: port, last: port },
    range: field.range,
  };
}

function readRange(field: Field, interval: Field): PolicyPort {
  const endField = child(interval, "end");
  const [first, last] = [readNumber(child(interval, "start")) ?? 1, readNumber(endField) ?? 65535];
  if (last < first) invalid(endField, "PW2021", last, "must be greater than or equal to `start`");
  return {
    path: field.path,
    protocol: readProtocol(child(interval, "protocol")),
    port: { kind: "interval", first, last },
    range: field.range,
  };
}
