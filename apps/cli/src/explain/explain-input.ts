import type { Cluster, Seen } from "@podwall/engine";
import type { Context } from "../context.ts";
import type { SourceFlags, DialectFlags, FormatFlags, InputFlags, WhatIfFlags } from "../flags.ts";
import type { LoadedManifests } from "../load-manifests.ts";

export interface ExplainFlags extends InputFlags, SourceFlags, FormatFlags, WhatIfFlags, DialectFlags {
  readonly from?: string;
  readonly to?: string;
  readonly blastRadius?: string;
  /** Steps of a blast radius. */
  readonly hops: number;
  /** Whether a pod is asked about that is not there yet, called `new-pod`. */
  readonly newPod: boolean;
  /** Of the new pod, as `KEY=VALUE,…`; any where absent. */
  readonly labels?: string;
  /** Pods that requests for routes come through. */
  readonly via?: readonly string[];
  /** Whether edits are shown that deny what is allowed. */
  readonly edit: boolean;
}

/** What a question is answered from. */
export interface ExplainInput {
  readonly context: Context;
  readonly flags: ExplainFlags;
  readonly manifests: LoadedManifests;
  /** As the manifests say. */
  readonly given: Cluster;
  /** As the network plugin that is asked for judges it. */
  readonly cluster: Cluster;
  /** The same, with what answers are not made of and may depend on. */
  readonly seen: Seen;
}

/** An answer, or why there is none. */
export type ExplainAnswer = FoundAnswer | { readonly problem: string };

export interface FoundAnswer {
  /** For people, in the style of the output. */
  readonly text: string;
  /** Of the JSON output. */
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly isYes: boolean;
}
