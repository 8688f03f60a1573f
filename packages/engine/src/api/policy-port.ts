import type { PolicyPort, PortMatch } from "../model/network-policy.ts";
import { type Protocol, protocols } from "../net/protocol.ts";
import { diagnostic } from "../source/catalogue.ts";
import type { Field } from "./field.ts";
import { child } from "./read-field.ts";
import { allowOnly } from "./known-fields.ts";
import { portNameProblems } from "./names.ts";
import { invalid, unsupported } from "./problem.ts";
import { readInt32, readIntOrString, readString } from "./read-scalar.ts";

/** Reads one item of a rule's `ports`: `ValidateNetworkPolicyPort`. Not said, the protocol is TCP. */
export function readPolicyPort(field: Field): PolicyPort {
  allowOnly(field, ["protocol", "port", "endPort"], outsidePort);
  if (field.node === undefined) warnOfEmptyPort(field);
  const protocol = readProtocol(child(field, "protocol"));
  const portField = child(field, "port");
  const endField = child(field, "endPort");
  const port = readIntOrString(portField);
  const last = readInt32(endField);
  if (typeof port === "number") checkPortNumber(portField, port);
  if (last !== undefined) checkEndPort(endField, last, { port, given: portField.node !== undefined });
  if (typeof port === "string") checkPortName(portField, port);
  return { path: field.path, protocol, port: portMatch(port, last), range: field.range };
}

/** A dash with nothing after it is an item without fields to the API, although it looks like none. */
function warnOfEmptyPort(field: Field): void {
  const help = "for every port of TCP write `- protocol: TCP`; otherwise remove the dash";
  const message = `${field.path}: an empty item allows every port of TCP`;
  field.problems.push(diagnostic("PW1015", message, { range: field.range, help }));
}

/** Reads a protocol, TCP where none is given. */
export function readProtocol(field: Field): Protocol {
  const text = readString(field);
  if (text === undefined || isProtocol(text)) return text ?? "TCP";
  unsupported(field, "PW2004", text, protocols);
  return "TCP";
}

/** Reports a port number that does not exist. */
export function checkPortNumber(field: Field, port: number): void {
  if (port < 1 || port > 65535)
    invalid(field, "PW2005", port, "must be between 1 and 65535, inclusive", allPortsHelp(port));
}

/** Reports a text that cannot name a port. */
export function checkPortName(field: Field, name: string): void {
  const help = /^[0-9]+$/.test(name) ? `take the quotes away: ${name}` : undefined;
  for (const problem of portNameProblems(name)) invalid(field, "PW2007", name, problem, help);
}

function checkEndPort(
  field: Field,
  last: number,
  { port, given }: { readonly port: number | string | undefined; readonly given: boolean },
): void {
  if (typeof port === "number") {
    // The API server shows `port`'s value here, although it is `endPort` that is wrong.
    if (last < port) invalid(field, "PW2006", port, "must be greater than or equal to `port`");
    checkPortNumber(field, last);
  } else if (typeof port === "string") {
    invalid(field, "PW2006", last, "may not be specified when `port` is non-numeric");
  } else if (!given) {
    invalid(field, "PW2006", last, "may not be specified when `port` is not specified");
  }
}

function portMatch(port: number | string | undefined, last: number | undefined): PortMatch {
  if (port === undefined) return { kind: "all" };
  if (typeof port === "string") return { kind: "named", name: port };
  return { kind: "interval", first: port, last: last ?? port };
}

function isProtocol(text: string): text is Protocol {
  return (protocols as readonly string[]).includes(text);
}

function allPortsHelp(port: number): string | undefined {
  return port === 0 ? "for every port of the protocol, leave `port` out" : undefined;
}

const outsidePort: ReadonlyMap<string, string> = new Map([
  ["podSelector", "an item of `from` or `to`"],
  ["namespaceSelector", "an item of `from` or `to`"],
  ["ipBlock", "an item of `from` or `to`"],
  ["from", "the rule, beside `ports`"],
  ["to", "the rule, beside `ports`"],
  ["ports", "the rule"],
]);
