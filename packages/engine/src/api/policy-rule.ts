import type { Direction, PolicyRule } from "../model/network-policy.ts";
import { diagnostic } from "../source/catalogue.ts";
import type { Field } from "./field.ts";
import { child, items } from "./read-field.ts";
import { hasNull, warnOfNull } from "./warn-of-null.ts";
import { allowOnly } from "./known-fields.ts";
import { readPolicyPeer } from "./policy-peer.ts";
import { readPolicyPort } from "./policy-port.ts";

/** Reads `spec.ingress` or `spec.egress`. */
export function readPolicyRules(list: Field, direction: Direction): readonly PolicyRule[] {
  return items(list).map((field) => readPolicyRule(field, direction));
}

function readPolicyRule(field: Field, direction: Direction): PolicyRule {
  const peersKey = direction === "ingress" ? "from" : "to";
  allowOnly(field, ["ports", peersKey], outsideRules[direction]);
  if (field.node === undefined) warnOfEmptyRule(field, direction);
  if (hasNull(field, peersKey)) {
    const everybody = direction === "ingress" ? "everybody may connect" : "everything may be reached";
    warnOfNull(child(field, peersKey), `nobody is listed, so ${everybody}`, helpForList(peersKey));
  }
  if (hasNull(field, "ports"))
    warnOfNull(child(field, "ports"), "no port is listed, so all are meant", helpForList("ports"));
  const ports = items(child(field, "ports")).map(readPolicyPort);
  const peers = items(child(field, peersKey)).flatMap((peer) => readPolicyPeer(peer) ?? []);
  return { path: field.path, ports, peers, range: field.range };
}

function helpForList(key: string): string {
  return `list what is meant under \`${key}\`; where all is meant, remove the key`;
}

/** A dash with nothing after it is an empty rule to the API, although it looks like none. */
function warnOfEmptyRule(field: Field, direction: Direction): void {
  const all = direction === "ingress" ? "from everywhere" : "to everywhere";
  field.problems.push(
    diagnostic("PW1015", `${field.path}: an empty item is a rule that allows everything ${all}`, {
      range: field.range,
      help: "to allow everything write `- {}`; to allow nothing remove the dash",
    }),
  );
}

function outsideRule(direction: Direction): ReadonlyMap<string, string> {
  const [here, other, otherList] = direction === "ingress" ? ["from", "to", "egress"] : ["to", "from", "ingress"];
  return new Map([
    [other, `\`${otherList}\`; here it is \`${here}\``],
    ["podSelector", `an item of \`${here}\``],
    ["namespaceSelector", `an item of \`${here}\``],
    ["ipBlock", `an item of \`${here}\``],
    ["port", "an item of `ports`"],
    ["protocol", "an item of `ports`"],
    ["endPort", "an item of `ports`"],
  ]);
}

const outsideRules: Readonly<Record<Direction, ReadonlyMap<string, string>>> = {
  ingress: outsideRule("ingress"),
  egress: outsideRule("egress"),
};
