import type { Field } from "../../api/field.ts";
import { allowOnly, hasUnknown } from "../../api/known-fields.ts";
import { readLabelSelector } from "../../api/label-selector.ts";
import { dnsLabelProblems, subdomainProblems } from "../../api/names.ts";
import { entriesOf, child, items } from "../../api/read-field.ts";
import { readString, readStringMap } from "../../api/read-scalar.ts";
import { type LabelSelector, formatSelector } from "../../model/selector.ts";
import { parseAddress } from "../../net/address.ts";
import { type Cidr, cidrOf, parseCidr } from "../../net/cidr.ts";
import type { AddressInterval } from "../../rules/predicate.ts";
import { diagnostic } from "../../source/catalogue.ts";
import { formatIntervals, joinIntervals, withoutInterval } from "../address-intervals.ts";
import type { AssertionEnd } from "./assertion.ts";

/** Reads one end or a list of them. */
export function readEnds(field: Field, what: "from" | "to"): readonly AssertionEnd[] {
  if (field.node === undefined) return wrong(field, `\`${what}\` is missing`);
  const fields = field.node.kind === "sequence" ? items(field) : [field];
  if (fields.length === 0) return wrong(field, `\`${what}\` is an empty list, which is nobody`);
  return fields.flatMap((item) => (item.node?.kind === "mapping" ? readMapping(item) : readText(item)));
}

function readText(field: Field): readonly AssertionEnd[] {
  const text = readString(field);
  if (text === undefined) return field.node === undefined ? wrong(field, "an end is missing here") : [];
  const { range } = field;
  if (text === "world") return [{ kind: "world", text, range }];
  if (text === "*") return [{ kind: "selected", text: "every pod", range }];
  const cidr = blockOf(text);
  if (cidr !== undefined) return [{ kind: "addresses", text, range, intervals: [cidr] }];
  const [namespace, name, ...rest] = text.split("/");
  const isName =
    namespace !== undefined &&
    name !== undefined &&
    rest.length === 0 &&
    dnsLabelProblems(namespace).length === 0 &&
    (name === "*" || subdomainProblems(name).length === 0);
  if (!isName) return wrong(field, `"${text}" is nobody`);
  if (name === "*") return [{ kind: "selected", text, range, namespace }];
  return [{ kind: "named", text, range, namespace, name }];
}

const known = ["pods", "namespace", "namespaces", "cidr", "except"];

function readMapping(field: Field): readonly AssertionEnd[] {
  allowOnly(field, known);
  if (hasUnknown(field, known)) return [];
  const { range } = field;
  const cidr = child(field, "cidr");
  if (cidr.node !== undefined || child(field, "except").node !== undefined) {
    if (entriesOf(field).some(({ key }) => key !== "cidr" && key !== "except")) {
      return wrong(field, "`cidr` is about addresses, and cannot be combined with pods or namespaces");
    }
    const intervals = readBlock(cidr, child(field, "except"));
    return [{ kind: "addresses", text: formatIntervals(intervals), range, intervals }];
  }
  const pods = selectorIn(child(field, "pods"));
  const named = readString(child(field, "namespace"));
  const selected = selectorIn(child(field, "namespaces"));
  if (named !== undefined && selected !== undefined) return wrong(field, "give `namespace` or `namespaces`, not both");
  const namespace = named ?? selected;
  if (pods === undefined && namespace === undefined) return wrong(field, "this selects nobody");
  const where =
    namespace === undefined
      ? "every namespace"
      : typeof namespace === "string"
        ? namespace
        : `namespaces ${formatSelector(namespace)}`;
  const who = pods === undefined ? "every pod" : `pods ${formatSelector(pods)}`;
  return [
    {
      kind: "selected",
      text: `${who} of ${where}`,
      range,
      ...(pods === undefined ? {} : { pods }),
      ...(namespace === undefined ? {} : { namespace }),
    },
  ];
}

/** A selector as policies have it, or just labels. */
function selectorIn(field: Field): LabelSelector | undefined {
  if (field.node === undefined) return undefined;
  const isSelector = entriesOf(field).some(({ key }) => key === "matchLabels" || key === "matchExpressions");
  if (isSelector) return readLabelSelector(field);
  const requirements = [...readStringMap(field)].map(([key, value]) => ({
    key,
    operator: "In" as const,
    values: [value],
  }));
  return { requirements, range: field.range };
}

function readBlock(field: Field, exceptions: Field): readonly AddressInterval[] {
  const block = cidrIn(field);
  const except = items(exceptions).flatMap((item) => cidrIn(item) ?? []);
  return block === undefined ? [] : except.reduce<readonly AddressInterval[]>(withoutInterval, joinIntervals([block]));
}

function cidrIn(field: Field): Cidr | undefined {
  const text = readString(field) ?? "";
  const block = blockOf(text);
  if (block !== undefined) return block;
  const help = "write an address, or a block such as 10.0.0.0/8";
  field.problems.push(diagnostic("PW2010", `${field.path}: "${text}" is no block`, { range: field.range, help }));
  return undefined;
}

/** A block, or the block of one address. */
function blockOf(text: string): Cidr | undefined {
  const address = parseAddress(text);
  if (address !== undefined) return cidrOf(address, address.family === 4 ? 32 : 128);
  const { cidr, problem } = parseCidr(text);
  return problem === undefined ? cidr : undefined;
}

function wrong(field: Field, message: string): readonly AssertionEnd[] {
  const help =
    "an end is `namespace/name` of a pod or workload, `namespace/*`, `*` (every pod), `world`, an address or block, or such as `{namespaces: {env: prod}, pods: {app: web}}`";
  field.problems.push(diagnostic("PW1012", `${field.path}: ${message}`, { range: field.range, help }));
  return [];
}
