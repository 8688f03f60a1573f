import type { ClusterPolicy, ClusterPolicyKind, TierAction } from "../model/cluster-policy.ts";
import type { PolicyPort } from "../model/network-policy.ts";
import type { Field } from "./field.ts";
import type { Rule, Schema } from "./schema.ts";

/** In what the kinds of cluster-wide policies differ. */
export interface ClusterPolicyShape {
  readonly kind: ClusterPolicyKind;
  /** Fields of `spec` beside `subject`, `ingress` and `egress`; all are required. */
  readonly head: Readonly<Record<string, Schema>>;
  readonly readHead: (spec: Field) => Pick<ClusterPolicy, "tier" | "priority">;
  /** By what the API calls them. */
  readonly actions: ReadonlyMap<string, TierAction>;
  /** What the other version calls an action, and this one. */
  readonly renamedActions: ReadonlyMap<string, string>;
  readonly ports: PortsShape;
  /** `pods` must have these. */
  readonly podsRequired: readonly string[];
  /** Peers of a rule's `to` that have no named ports, in the order in which the API lists them. */
  readonly places: readonly Place[];
  /** How many rules a direction, and peers or ports a rule may have. */
  readonly maxItems: number;
  /** What the whole object must obey. */
  readonly rule?: Rule;
}

export type Place = "networks" | "nodes" | "domainNames";

/** How a rule says which ports it is about. */
export interface PortsShape {
  readonly key: "protocols" | "ports";
  /** What the other version calls that list. */
  readonly otherKey: "protocols" | "ports";
  readonly item: Schema;
  /** The field of an item that names a port. */
  readonly nameKey: "destinationNamedPort" | "namedPort";
  readonly read: (item: Field) => readonly PolicyPort[];
}
