import type { TierAction, TierPeer } from "../model/cluster-policy.ts";
import { type Cidr, formatCidr, parseCidr } from "../net/cidr.ts";
import { diagnostic } from "../source/catalogue.ts";
import type { Field } from "./field.ts";
import { readClusterSelector, readPodSelection } from "./pod-selection.ts";
import { child, items } from "./read-field.ts";
import { readString, readStrings } from "./read-scalar.ts";

/** Reads an item of a rule's `from` or `to` that its schema was checked for. */
export function readTierPeer(field: Field, action: TierAction): TierPeer {
  const { path, range } = field;
  const networks = child(field, "networks");
  if (networks.node !== undefined) {
    return { kind: "networks", path, networks: items(networks).flatMap((item) => readNetwork(item) ?? []), range };
  }
  const nodes = child(field, "nodes");
  if (nodes.node !== undefined) return { kind: "nodes", path, nodeSelector: readClusterSelector(nodes), range };
  const domainNames = child(field, "domainNames");
  if (domainNames.node === undefined) return { kind: "selected-pods", path, ...readPodSelection(field), range };
  if (action === "Accept") return { kind: "domain-names", path, domainNames: readStrings(items(domainNames)), range };
  warnOfDeniedNames(domainNames, action);
  return { kind: "unknown", path, range };
}

/** Go's `netip.ParsePrefix`, as CEL's `isCIDR`, takes bits beyond the prefix; what matches is the whole network. */
function readNetwork(field: Field): Cidr | undefined {
  const text = readString(field) ?? "";
  const { cidr, problem } = parseCidr(text);
  if (cidr !== undefined && problem === "host-bits") {
    const [network, single] = [formatCidr(cidr), `${text.slice(0, text.indexOf("/"))}/${cidr.family === 4 ? 32 : 128}`];
    const message = `${field.path}: CIDR value ${JSON.stringify(text)} is ambiguous in this context (should be "${network}" or "${single}"?)`;
    const help = `it is read as ${network}: write that, or ${single} for the one address`;
    field.problems.push(diagnostic("PW2028", message, { range: field.range, help }));
  }
  return cidr;
}

/** The API says that domain names are for Accept rules only; its schema does not hold anyone to it. */
function warnOfDeniedNames({ path, range, problems }: Field, action: TierAction): void {
  const message = `${path}: domain names are for Accept rules alone; in a ${action} rule they match every address`;
  const help = "deny with `networks` or `namespaces`, and accept the names in a rule before";
  problems.push(diagnostic("PW2027", message, { range, help }));
}
