import type { Direction } from "../model/network-policy.ts";
import type { ClusterPolicyShape } from "./cluster-policy-shape.ts";
import type { Field } from "./field.ts";
import { report } from "./problem.ts";
import { child, items, withProblems } from "./read-field.ts";
import type { ObjectSchema } from "./schema.ts";
import { peerSchema } from "./tier-peer-schema.ts";

/** The schema of an item of `spec.ingress` or `spec.egress`. */
export function ruleSchema(shape: ClusterPolicyShape, direction: Direction): ObjectSchema {
  const { ports, maxItems } = shape;
  const [here, other, otherList] =
    direction === "ingress" ? (["from", "to", "egress"] as const) : (["to", "from", "ingress"] as const);
  return {
    kind: "object",
    fields: {
      name: { kind: "text", maxLength: 100 },
      action: { kind: "text", oneOf: [...shape.actions.keys()], renamed: shape.renamedActions },
      [here]: { kind: "list", items: peerSchema(shape, direction), minItems: 1, maxItems },
      [ports.key]: { kind: "list", items: ports.item, minItems: 1, maxItems },
    },
    required: ["action", here],
    elsewhere: () => new Map([[other, `\`${otherList}\`; here it is \`${here}\``], ...outsideRule(here, ports.key)]),
    renamed: new Map([[ports.otherKey, ports.key]]),
    ...(direction === "ingress" ? {} : { rule: (rule: Field) => checkNamedPorts(rule, shape) }),
  };
}

/** A port has a name only where there is a pod that gives it one. */
function checkNamedPorts(rule: Field, { places, ports }: ClusterPolicyShape): void {
  const unheard = withProblems(rule, []);
  const names = items(child(unheard, ports.key)).map((item) => child(item, ports.nameKey));
  const named = names.find(({ node }) => node !== undefined);
  const placed = items(child(unheard, "to")).some((peer) => places.some((key) => child(peer, key).node !== undefined));
  if (named === undefined || !placed) return;
  const kinds = places.join("/");
  const message = `${kinds} peer cannot be set with namedPorts since there are no namedPorts for ${kinds}`;
  report({ ...rule, range: named.range }, "PW2022", `Invalid value: ${message}`, "write the port's number");
}

function outsideRule(peers: "from" | "to", ports: string): readonly (readonly [string, string])[] {
  return [
    ...["namespaces", "pods", "networks", "nodes", "domainNames", "podSelector", "namespaceSelector"].map(
      (key) => [key, `an item of \`${peers}\``] as const,
    ),
    ...["tcp", "udp", "sctp", "destinationNamedPort", "portNumber", "portRange", "namedPort"].map(
      (key) => [key, `an item of \`${ports}\``] as const,
    ),
  ];
}
