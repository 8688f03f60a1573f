import { type Cidr, parseCidr } from "@podwall/engine";
import type { FlagParametersForType } from "@stricli/core";
import type { Context } from "./context.ts";

export interface NodeFlags {
  readonly podCidr?: readonly Cidr[];
  readonly podInterfacePrefix?: string;
}

/** How a node's pods are known where nobody else says. */
export const nodeFlags: FlagParametersForType<NodeFlags, Context> = {
  podCidr: {
    kind: "parsed",
    parse: parseRange,
    variadic: true,
    optional: true,
    brief: "A range of this node's pods, instead of its Node's podCIDRs (repeatable)",
    placeholder: "CIDR",
  },
  podInterfacePrefix: {
    kind: "parsed",
    parse: parsePrefix,
    optional: true,
    brief: "How the node's ends of pod links begin; found out by default",
    placeholder: "TEXT",
  },
};

export function parseRange(text: string): Cidr {
  const { cidr } = parseCidr(text);
  if (cidr === undefined) throw new RangeError(`"${text}" is not a range of addresses`);
  return cidr;
}

/** An interface's name has at most 15 characters; these need no quoting anywhere. */
function parsePrefix(text: string): string {
  if (!/^[A-Za-z0-9_.-]{1,14}$/.test(text)) throw new RangeError(`"${text}" is no beginning of interfaces' names`);
  return text;
}
