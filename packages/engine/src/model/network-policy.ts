import type { Cidr } from "../net/cidr.ts";
import type { Protocol } from "../net/protocol.ts";
import type { SourceRange } from "../source/source-file.ts";
import type { LabelSelector } from "./selector.ts";

export type Direction = "ingress" | "egress";

/** networking.k8s.io/v1 NetworkPolicy, defaulted, with every part knowing where it was written. */
export interface NetworkPolicy {
  readonly kind: "NetworkPolicy";
  readonly namespace: string;
  readonly name: string;
  readonly podSelector: LabelSelector;
  /** The directions it isolates its subjects for; rules of another direction are inert and not kept. */
  readonly directions: readonly Direction[];
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
  /**
   * Why this stands in for a policy that cannot be used: its subjects are closed, because a policy that is not
   * understood must not leave them open. It has no rules then.
   */
  readonly closedBecause?: string;
  /** Absent where it was not read from a text. */
  readonly written?: WrittenPolicy;
  readonly range?: SourceRange;
}

/** What the text of a policy says beside its meaning. */
export interface WrittenPolicy {
  readonly name: { readonly range: SourceRange };
  /** Whether `metadata.namespace` is there; without it the namespace is whichever the policy is applied to. */
  readonly namesNamespace: boolean;
  /** `spec.policyTypes`; absent where the API server fills it in. */
  readonly policyTypes?: { readonly range: SourceRange };
  /** Rules of a direction that the policy does not isolate its subjects for: they mean nothing. */
  readonly inert: readonly PolicyRule[];
  /** `egress: []` of a policy that does not isolate its subjects for egress. */
  readonly emptyEgress?: { readonly range: SourceRange };
}

/** One item of `spec.ingress` or `spec.egress`: allowed when a peer and a port match; an empty list matches all. */
export interface PolicyRule {
  /** Such as `spec.ingress[0]`. */
  readonly path: string;
  readonly ports: readonly PolicyPort[];
  readonly peers: readonly PolicyPeer[];
  readonly range?: SourceRange;
}

/** One item of a rule's `ports`. */
export interface PolicyPort {
  readonly path: string;
  readonly protocol: Protocol;
  /** All ports of the protocol, an inclusive interval of numbers, or a container port's name. */
  readonly port: PortMatch;
  readonly range?: SourceRange;
}

export type PortMatch =
  | { readonly kind: "all" }
  | { readonly kind: "interval"; readonly first: number; readonly last: number }
  | { readonly kind: "named"; readonly name: string };

/** One item of a rule's `from` or `to`. */
export type PolicyPeer = PodPeer | IpBlockPeer;

/**
 * Pods: of the policy's own namespace when `namespaceSelector` is absent, all pods of the selected namespaces when
 * `podSelector` is absent; both together are an AND.
 */
export interface PodPeer {
  readonly kind: "pods";
  readonly path: string;
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly range?: SourceRange;
}

/** Addresses in `cidr` and in none of `except`. */
export interface IpBlockPeer {
  readonly kind: "ipBlock";
  readonly path: string;
  readonly cidr: Cidr;
  readonly except: readonly Cidr[];
  readonly range?: SourceRange;
}
