import type { TierRule } from "../model/cluster-policy.ts";
import type { Direction } from "../model/network-policy.ts";
import type { ClusterPolicyShape } from "./cluster-policy-shape.ts";
import type { Field } from "./field.ts";
import { child, items } from "./read-field.ts";
import { readString } from "./read-scalar.ts";
import { readTierPeer } from "./tier-peer.ts";

/** Reads `spec.ingress` or `spec.egress` that its schema was checked for. */
export function readTierRules(list: Field, direction: Direction, shape: ClusterPolicyShape): readonly TierRule[] {
  return items(list).map((field) => readTierRule(field, direction, shape));
}

function readTierRule(field: Field, direction: Direction, { actions, ports }: ClusterPolicyShape): TierRule {
  const name = readString(child(field, "name")) ?? "";
  const action = actions.get(readString(child(field, "action")) ?? "") ?? "Deny";
  const peers = items(child(field, direction === "ingress" ? "from" : "to"));
  return {
    path: field.path,
    ...(name === "" ? {} : { name }),
    action,
    peers: peers.map((peer) => readTierPeer(peer, action)),
    ports: items(child(field, ports.key)).flatMap(ports.read),
    range: field.range,
  };
}
