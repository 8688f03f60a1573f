import type { IpBlockPeer, PodPeer, PolicyPeer, PolicyPort } from "../model/network-policy.ts";
import type { SelectorRequirement } from "../model/selector.ts";
import type { Cidr } from "../net/cidr.ts";

/** The first thing about one item of a rule that does not hold for a connection. */
export type MissCause = PeerCause | PortCause;

export type PeerCause =
  /** Selectors select pods only, and the peer is none that policies can see. */
  | { readonly kind: "not-a-pod"; readonly peer: PodPeer; readonly why: "address" | "hostNetwork" | "completed" }
  /** Without a namespace selector, a peer is a pod of the policy's own namespace. */
  | { readonly kind: "other-namespace"; readonly peer: PodPeer; readonly wanted: string; readonly found: string }
  | ({ readonly kind: "namespace-label" | "pod-label"; readonly peer: PodPeer } & LabelMiss)
  /** The peer's address is not known, so no block can be said to hold it. */
  | { readonly kind: "no-address"; readonly peer: IpBlockPeer }
  | { readonly kind: "outside-block"; readonly peer: IpBlockPeer }
  | { readonly kind: "excepted"; readonly peer: IpBlockPeer; readonly except: Cidr };

/** A requirement that labels do not meet. */
export interface LabelMiss {
  readonly requirement: SelectorRequirement;
  /** The value the label has; absent where there is no such label. */
  readonly found?: string;
  /** What was most likely meant: a key that is there, or a value that is one of those wanted but for a few letters. */
  readonly near?: { readonly key: string; readonly value: string };
}

export type PortCause =
  | { readonly kind: "other-protocol"; readonly item: PolicyPort }
  /** A number in the item may be a Service's port for the destination, where rules are about the pod's own. */
  | { readonly kind: "other-port"; readonly item: PolicyPort; readonly servicePort?: ServicePortMiss }
  /** The destination declares no port of that name and protocol; or it is not a pod and has no port names at all. */
  | { readonly kind: "undeclared-name"; readonly item: PolicyPort; readonly declared?: readonly string[] }
  /** The name stands for other numbers there. */
  | { readonly kind: "other-named-port"; readonly item: PolicyPort; readonly numbers: readonly number[] };

/** A Service of this name turns `port`, which the rule allows, into `targetPort`, which was asked for. */
export interface ServicePortMiss {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
}

export function isPeerCause(cause: MissCause): cause is PeerCause {
  return "peer" in cause;
}

/** The item of the rule that a cause is about. */
export function itemOf(cause: MissCause): PolicyPeer | PolicyPort {
  return isPeerCause(cause) ? cause.peer : cause.item;
}
