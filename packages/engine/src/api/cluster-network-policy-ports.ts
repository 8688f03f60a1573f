import type { PolicyPort } from "../model/network-policy.ts";
import { type Protocol, protocols } from "../net/protocol.ts";
import type { PortsShape } from "./cluster-policy-shape.ts";
import type { Field } from "./field.ts";
import { report } from "./problem.ts";
import { child, descendant } from "./read-field.ts";
import type { ObjectSchema } from "./schema.ts";
import { portNumberSchema, readNumber, readPortName } from "./tier-port.ts";

const portRange: ObjectSchema = {
  kind: "object",
  fields: { start: portNumberSchema, end: portNumberSchema },
  required: ["end", "start"],
  rule: (range) => {
    const [start, end] = [readNumber(child(range, "start")), readNumber(child(range, "end"))];
    if (start === undefined || end === undefined || start < end) return;
    const help = start === end ? `for this one port write \`number: ${start}\`` : undefined;
    report(range, "PW2021", "Invalid value: Start port must be less than End port", help);
  },
};

const transport: ObjectSchema = {
  kind: "object",
  fields: {
    destinationPort: {
      kind: "object",
      fields: { number: portNumberSchema, range: portRange },
      notEmpty: true,
      atMostOne: true,
    },
  },
  notEmpty: true,
  elsewhere: () => outsideTransport,
};

const protocolItem: ObjectSchema = {
  kind: "object",
  fields: { tcp: transport, udp: transport, sctp: transport, destinationNamedPort: { kind: "text" } },
  notEmpty: true,
  atMostOne: true,
  elsewhere: () => outsideItem,
  renamed: new Map([["namedPort", "destinationNamedPort"]]),
};

/** Ports as a v1alpha2 rule says them: `protocols: [{tcp: {destinationPort: {number: 80}}}]`. */
export const clusterNetworkPolicyPorts: PortsShape = {
  key: "protocols",
  otherKey: "ports",
  nameKey: "destinationNamedPort",
  item: protocolItem,
  read: readProtocolItem,
};

const keys: Readonly<Record<Protocol, string>> = { TCP: "tcp", UDP: "udp", SCTP: "sctp" };

function readProtocolItem(item: Field): readonly PolicyPort[] {
  const name = child(item, "destinationNamedPort");
  if (name.node !== undefined) return readPortName(item, name);
  return protocols.flatMap((protocol) => {
    const port = descendant(item, keys[protocol], "destinationPort");
    if (port.node === undefined) return [];
    const single = readNumber(child(port, "number"));
    const first = single ?? readNumber(descendant(port, "range", "start")) ?? 1;
    const last = single ?? readNumber(descendant(port, "range", "end")) ?? 65535;
    return { path: item.path, protocol, port: { kind: "interval", first, last }, range: item.range } as const;
  });
}

const outsideTransport: ReadonlyMap<string, string> = new Map([
  ["number", "`destinationPort`"],
  ["range", "`destinationPort`"],
  ["start", "`range` of `destinationPort`"],
  ["end", "`range` of `destinationPort`"],
]);

const outsideItem: ReadonlyMap<string, string> = new Map([
  ["destinationPort", "`tcp`, `udp` or `sctp`"],
  ["portNumber", "AdminNetworkPolicy; here it is `destinationPort` in `tcp`, `udp` or `sctp`"],
  ["portRange", "AdminNetworkPolicy; here it is `range` in `destinationPort`"],
]);
