import type { Field } from "../../api/field.ts";
import { items } from "../../api/read-field.ts";
import { type ConnectionSet, allConnections, noConnections, portsOf, union } from "../../net/connection-set.ts";
import { allPorts } from "../../net/port-set.ts";
import type { Protocol } from "../../net/protocol.ts";
import { diagnostic } from "../../source/catalogue.ts";

/** Reads `TCP 443`, `UDP 8000-9000`, `SCTP`, `other`, `all` or `any`, or a list of these. */
export function readPorts(field: Field, effect: "allow" | "deny"): ConnectionSet | "any" {
  const fields = field.node?.kind === "sequence" ? items(field) : [field];
  const sets = fields.map(readPort);
  // To deny any port is to deny all of them.
  if (sets.includes("any")) return effect === "deny" ? allConnections : "any";
  return sets.reduce<ConnectionSet>((sum, set) => (set === "any" ? sum : union(sum, set)), noConnections);
}

function readPort(field: Field): ConnectionSet | "any" {
  const { node } = field;
  const text = node?.kind === "scalar" ? node.text.trim() : "";
  if (text === "any") return "any";
  if (text === "all") return allConnections;
  if (text === "other") return { ...noConnections, other: true };
  const match = /^(TCP|UDP|SCTP)(?:\s+(\d+)(?:-(\d+))?)?$/i.exec(text);
  if (match === null) return wrong(field, text);
  const protocol = match[1]?.toUpperCase() as Protocol;
  if (match[2] === undefined) return portsOf(protocol, allPorts);
  const first = Number(match[2]);
  const last = Number(match[3] ?? match[2]);
  if (first < 1 || last > 65535 || last < first) return wrong(field, text);
  return portsOf(protocol, [{ first, last }]);
}

function wrong(field: Field, text: string): ConnectionSet {
  const number = /^\d+$/.test(text) ? `write \`TCP ${text}\`; ` : "";
  const help = `${number}ports are such as \`TCP 443\`, \`UDP 8000-9000\`, \`SCTP\`, \`other\` (what has no ports), \`all\` and \`any\``;
  field.problems.push(diagnostic("PW1012", `${field.path}: "${text}" is no port`, { range: field.range, help }));
  return noConnections;
}
