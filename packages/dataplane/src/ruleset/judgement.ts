import type { Cidr, Family } from "@podwall/engine";
import type { MarkBits } from "./mark.ts";

/** What a new connection that is denied gets: silence, so that its sender tries again, or an ICMP error at once. */
export type DenyWith = "drop" | "reject";

/** The objects that the rules of one generation read, and the constants in them. */
export interface Judgement {
  readonly mark: MarkBits;
  readonly denyWith: DenyWith;
  /** Undefined while marks are being cleared: then nothing is approved and nothing is marked. */
  readonly epoch: number | undefined;
  readonly localRanges: readonly Cidr[];
  readonly podInterfacePrefix?: string;
  readonly sets: Readonly<Record<Family, FamilySets>>;
}

/** Names of the sets and maps that say which local pods there are, and what judges them. */
export interface DispatchNames {
  /** Link and address of the local pods that are programmed. */
  readonly ready: string;
  /** Addresses of local pods that share a link. */
  readonly readyAddress?: string;
  /** What judges a pod that reaches itself through a Service, by its address as both ends. */
  readonly itself: string;
  /** What judges what local pods send to the node; absent where tiers deny nothing of it. */
  readonly ownNode?: string;
  /** What judges a local pod's egress and ingress. */
  readonly egress: string;
  readonly ingress: string;
}

export type DispatchKind = keyof DispatchNames;

/** Names of the sets and maps of one family. */
export interface FamilySets {
  readonly dispatch: DispatchNames;
  /** Identity by interval, then by pod address, then what changed since that was written: of deltas the last says most. */
  readonly atoms: string;
  readonly pods: string;
  readonly deltas: readonly string[];
}
