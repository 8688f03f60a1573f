import type { Address, NodePlan } from "@podwall/engine";

/** Puts a node's plan into force. One implementation: nftables, over a real or a fake `nft`. */
export interface Dataplane {
  /**
   * Moves the kernel from whatever it enforces to `plan`. Every packet is judged wholly by the state before or wholly by
   * the state after; live connections that `plan` denies are cut at their next packet. Rejects with an `NftError` when the
   * kernel refuses; what was in force stays in force, and the next call starts from an empty page.
   */
  apply(plan: NodePlan): Promise<ApplyReport>;
  /**
   * Works out what `apply` of this plan would do if nothing else were asked for before, which that `apply` then need not. Changes
   * nothing, and need not be followed by it.
   */
  prepare(plan: NodePlan): void;
  /**
   * Compares the kernel's table with what was put there, and builds it anew where something else changed it: from its
   * notice on, and while it is mended, every packet is judged as the plan says, or more strictly. Rejects with an `NftError`.
   */
  inspect(depth?: InspectionDepth): Promise<Inspection>;
  /** Connections denied lately, with exact packet counts. */
  flows(): Promise<readonly DeniedFlow[]>;
  /** Deletes everything podwall put into the kernel: the node is open afterwards. */
  remove(): Promise<void>;
}

/**
 * How close to look: at whether the table is there, at the names of objects, at rules too, or at every element too. On a node with 150 rule sets and
 * 28,000 elements names take about 40 ms, rules 100 ms, and elements 5 s, as nft is asked for one set after the other. Presence takes less than one.
 */
export type InspectionDepth = "presence" | "names" | "rules" | "elements";

/** What an inspection found, and did. */
export type Inspection =
  /** Nothing is in force that could be compared. */
  | { readonly kind: "nothing" }
  | { readonly kind: "intact" }
  | {
      readonly kind: "repaired";
      /** What was not as it was left, in words. */
      readonly differences: readonly string[];
      readonly report: ApplyReport;
    };

/** What an `apply` did. */
export interface ApplyReport {
  /** Counts up with every change of state. */
  readonly generation: number;
  /** Whether everything was built anew, or only what differs. */
  readonly mode: "full" | "incremental" | "unchanged";
  /** The policy generation that live connections are checked against; raised when something is no longer allowed. */
  readonly epoch: number;
  /** Commands sent to nftables. */
  readonly commands: number;
}

/** A connection that was denied, as it was judged: after Service translation. */
export interface DeniedFlow {
  readonly direction: "egress" | "ingress";
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  /** 0 for protocols without ports. */
  readonly port: number;
  readonly packets: number;
}
