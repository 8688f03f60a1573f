import type { IpBlockPeer, PodPeer, PolicyPeer } from "../model/network-policy.ts";
import { type Cidr, type CidrProblem, cidrContains, formatCidr, parseCidr } from "../net/cidr.ts";
import { diagnostic } from "../source/catalogue.ts";
import type { Field } from "./field.ts";
import { child, items } from "./read-field.ts";
import { allowOnly } from "./known-fields.ts";
import { readLabelSelector } from "./label-selector.ts";
import { forbidden, invalid, required } from "./problem.ts";
import { readString } from "./read-scalar.ts";

/** Reads one item of a rule's `from` or `to`: `ValidateNetworkPolicyPeer`. Undefined where it is no peer. */
export function readPolicyPeer(field: Field): PolicyPeer | undefined {
  allowOnly(field, ["podSelector", "namespaceSelector", "ipBlock"], outsidePeer);
  const podSelector = child(field, "podSelector");
  const namespaceSelector = child(field, "namespaceSelector");
  const ipBlock = child(field, "ipBlock");
  const pods: PodPeer = {
    kind: "pods",
    path: field.path,
    ...(podSelector.node === undefined ? {} : { podSelector: readLabelSelector(podSelector) }),
    ...(namespaceSelector.node === undefined ? {} : { namespaceSelector: readLabelSelector(namespaceSelector) }),
    range: field.range,
  };
  const hasSelector = podSelector.node !== undefined || namespaceSelector.node !== undefined;
  if (ipBlock.node !== undefined) {
    const block = readIpBlock(ipBlock, field);
    if (hasSelector) forbidden(field, "PW2009", "may not specify both ipBlock and another peer", twoItemsHelp);
    return block;
  }
  if (hasSelector) return pods;
  if (field.node === undefined || field.node.kind === "mapping")
    required(field, "PW2008", "must specify a peer", anyPodHelp);
  return undefined;
}

function readIpBlock(field: Field, peer: Field): IpBlockPeer | undefined {
  allowOnly(field, ["cidr", "except"]);
  if (field.node?.kind !== "mapping") return undefined;
  const cidrField = child(field, "cidr");
  const text = readString(cidrField);
  const exceptions = items(child(field, "except")).map((item) => ({ item, text: readExceptText(item) }));
  if (cidrField.node === undefined || text === "") required(cidrField, "PW2010", "");
  if (text === undefined || text === "") return undefined;
  const cidr = readCidr(cidrField, text);
  if (cidr === undefined) return undefined;
  const except = exceptions.flatMap((exception) => readExcept(exception.item, exception.text, { cidr, text }) ?? []);
  return { kind: "ipBlock", path: peer.path, cidr, except, range: peer.range };
}

/** A null item is the empty text, as in Go. */
function readExceptText(item: Field): string | undefined {
  return item.node === undefined ? "" : readString(item);
}

function readExcept(
  field: Field,
  text: string | undefined,
  outer: { readonly cidr: Cidr; readonly text: string },
): Cidr | undefined {
  const cidr = text === undefined ? undefined : readCidr(field, text);
  if (text === undefined || cidr === undefined) return undefined;
  if (!cidrContains(outer.cidr, cidr.first) || writtenPrefix(outer.text) >= writtenPrefix(text)) {
    invalid(field, "PW2012", text, "must be a strict subset of `cidr`", `\`cidr\` is ${formatCidr(outer.cidr)}`);
  }
  return cidr;
}

/** The API server compares prefixes as written, also where one of two blocks is IPv4 in IPv6's notation. */
function writtenPrefix(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf("/") + 1));
}

/** Reads a CIDR as API servers since Kubernetes 1.36 do, which refuse texts that programs read differently. */
function readCidr(field: Field, text: string): Cidr | undefined {
  const { cidr, problem: found } = parseCidr(text);
  const problem = found === "unparsable" && isBeyondMapped(text) ? "ipv4-mapped" : found;
  if (problem !== undefined) {
    const help = cidr === undefined ? singleAddressHelp(text) : `write ${formatCidr(cidr)}`;
    invalid(field, problem === "unparsable" ? "PW2010" : "PW2011", text, cidrTexts[problem], help);
  }
  if (cidr !== undefined && problem === undefined) warnOfNotation(field, text, formatCidr(cidr));
  return cidr;
}

/** Whether it is a mapped address with a block larger than that of all mapped ones, which so is no block of IPv4. */
function isBeyondMapped(text: string): boolean {
  const [, address, prefix] = /^(.*)\/(0|[1-9][0-9]?)$/.exec(text) ?? [];
  return Number(prefix) < 96 && parseCidr(`${address}/128`).problem === "ipv4-mapped";
}

/** The API server accepts every notation of IPv6, with a warning. */
function warnOfNotation(field: Field, text: string, canonical: string): void {
  if (text === canonical) return;
  const [shown, wanted] = [text, canonical].map((cidr) => JSON.stringify(cidr));
  const message = `${field.path}: IPv6 CIDR value ${shown} should be in RFC 5952 canonical format (${wanted})`;
  field.problems.push(diagnostic("PW2032", message, { range: field.range, help: `write ${canonical}` }));
}

const cidrTexts: Readonly<Record<CidrProblem, string>> = {
  unparsable: "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
  "leading-zeros": "must not have leading 0s in IP or prefix length",
  "ipv4-mapped": "must not have an IPv4-mapped IPv6 address",
  "host-bits": "must not have bits set beyond the prefix length",
};

function singleAddressHelp(text: string): string | undefined {
  const width = text.includes(":") ? 128 : 32;
  const single = `${text}/${width}`;
  return parseCidr(single).cidr === undefined ? undefined : `for this one address write ${single}`;
}

const twoItemsHelp = "make them two items of the list, which means: one or the other";
const anyPodHelp = "for every pod of the namespace write `podSelector: {}`; for everything leave the list out";

const outsidePeer: ReadonlyMap<string, string> = new Map([
  ["matchLabels", "`podSelector` or `namespaceSelector`"],
  ["matchExpressions", "`podSelector` or `namespaceSelector`"],
  ["cidr", "`ipBlock`"],
  ["except", "`ipBlock`"],
  ["ports", "the rule, beside `from` or `to`"],
  ["port", "an item of the rule's `ports`"],
  ["protocol", "an item of the rule's `ports`"],
]);
