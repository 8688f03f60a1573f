import type { ClusterNode } from "../model/cluster.ts";
import type { Address } from "../net/address.ts";
import { type Cidr, parseCidr } from "../net/cidr.ts";
import type { Field } from "./field.ts";
import { child, descendant, items } from "./read-field.ts";
import { readMeta } from "./object-meta.ts";
import { invalid } from "./problem.ts";
import { readAddress } from "./read-address.ts";
import { readString } from "./read-scalar.ts";

/** Reads what podwall uses of a v1 Node: the addresses its own traffic has, and the ranges its pods get theirs from. */
export function decodeClusterNode(root: Field): ClusterNode {
  const { name, labels } = readMeta(child(root, "metadata"));
  return {
    kind: "Node",
    name,
    labels,
    addresses: items(descendant(root, "status", "addresses")).flatMap(readNodeAddress),
    podCidrs: readPodCidrs(child(root, "spec")),
    range: root.range,
  };
}

function readNodeAddress(item: Field): readonly Address[] {
  const type = readString(child(item, "type"));
  if (type !== "InternalIP" && type !== "ExternalIP") return [];
  const address = readAddress(child(item, "address"));
  return address === undefined ? [] : [address];
}

function readPodCidrs(spec: Field): readonly Cidr[] {
  const list = items(child(spec, "podCIDRs"));
  return (list.length > 0 ? list : [child(spec, "podCIDR")]).flatMap((field) => {
    const text = readString(field) ?? "";
    if (text === "") return [];
    const { cidr } = parseCidr(text);
    if (cidr === undefined) {
      invalid(field, "PW2010", text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
      return [];
    }
    return [cidr];
  });
}
