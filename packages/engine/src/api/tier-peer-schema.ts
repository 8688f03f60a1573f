import type { Direction } from "../model/network-policy.ts";
import { parseCidr } from "../net/cidr.ts";
import type { ClusterPolicyShape, Place } from "./cluster-policy-shape.ts";
import type { Field } from "./field.ts";
import { outsideSelector } from "./label-selector.ts";
import { invalid } from "./problem.ts";
import { readString } from "./read-scalar.ts";
import type { ListSchema, ObjectSchema, Schema } from "./schema.ts";

/** The schema of a policy's `subject`. */
export function subjectSchema({ podsRequired }: ClusterPolicyShape): ObjectSchema {
  return { ...exactlyOne(podSelectionFields(podsRequired)), elsewhere: () => outsideSubject };
}

/** The schema of an item of a rule's `from` or `to`. */
export function peerSchema({ podsRequired, places }: ClusterPolicyShape, direction: Direction): ObjectSchema {
  const pods = podSelectionFields(podsRequired);
  return {
    ...exactlyOne(
      direction === "ingress"
        ? pods
        : { ...pods, ...Object.fromEntries(places.map((key) => [key, placeSchemas[key]])) },
    ),
    elsewhere: () => (direction === "ingress" ? outsideSource : outsidePeer),
    renamed: direction === "ingress" ? new Map() : new Map([["ipBlock", "networks"]]),
  };
}

function exactlyOne(fields: Readonly<Record<string, Schema>>): ObjectSchema {
  return { kind: "object", fields, notEmpty: true, atMostOne: true };
}

const text: Schema = { kind: "text" };

/** The API server checks no more than shapes here; operators, keys and values are checked when it is read. */
const selectorSchema: ObjectSchema = {
  kind: "object",
  fields: {
    matchLabels: { kind: "text-map" },
    matchExpressions: {
      kind: "list",
      items: {
        kind: "object",
        fields: { key: text, operator: text, values: { kind: "list", items: text } },
        required: ["key", "operator"],
      },
    },
  },
  elsewhere: outsideSelector,
};

function podSelectionFields(podsRequired: readonly string[]): Readonly<Record<string, Schema>> {
  return {
    namespaces: selectorSchema,
    pods: {
      kind: "object",
      fields: { namespaceSelector: selectorSchema, podSelector: selectorSchema },
      required: podsRequired,
      elsewhere: () => outsidePods,
    },
  };
}

const network: Schema = { kind: "text", maxLength: 43, rule: checkNetwork };

/** CEL's `isCIDR`: unlike NetworkPolicy's, it takes bits beyond the prefix. */
function checkNetwork(field: Field): void {
  const value = readString(field) ?? "";
  const { cidr, problem } = parseCidr(value);
  if (problem !== undefined && problem !== "host-bits") {
    const help = cidr === undefined ? "write an address, a slash and a number of bits, such as 10.0.0.0/8" : undefined;
    invalid(field, "PW2010", value, "Invalid CIDR format provided", help);
  }
}

/** As published: `A-z` takes a few signs between `Z` and `a` too. */
const domainName: Schema = {
  kind: "text",
  pattern: /^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/,
};

const placeSchemas: Readonly<Record<Place, Schema>> = {
  networks: setOf(network),
  nodes: selectorSchema,
  domainNames: setOf(domainName),
};

function setOf(itemSchema: Schema): ListSchema {
  return { kind: "list", items: itemSchema, minItems: 1, maxItems: 25, unique: true };
}

const outsideSubject: ReadonlyMap<string, string> = new Map([
  ["podSelector", "`pods`"],
  ["namespaceSelector", "`pods`"],
  ["matchLabels", "`namespaces`, or a selector in `pods`"],
  ["matchExpressions", "`namespaces`, or a selector in `pods`"],
]);

const outsidePeer: ReadonlyMap<string, string> = new Map([
  ...outsideSubject,
  ["cidr", "`networks`"],
  ["protocols", "the rule, beside `from` or `to`"],
  ["ports", "the rule, beside `from` or `to`"],
]);

const outsideSource: ReadonlyMap<string, string> = new Map([
  ...outsidePeer,
  ["networks", "an item of `to`; sources are told by namespaces and pods alone"],
  ["nodes", "an item of `to`; sources are told by namespaces and pods alone"],
  ["domainNames", "an item of `to`; sources are told by namespaces and pods alone"],
]);

const outsidePods: ReadonlyMap<string, string> = new Map([
  ["matchLabels", "`podSelector` or `namespaceSelector`"],
  ["matchExpressions", "`podSelector` or `namespaceSelector`"],
]);
