import { formatAddress, parseAddress } from "@podwall/engine";
import type { Served } from "./describe.ts";

/** What `/self` tells a pod of this node about itself. */
export interface SelfState {
  readonly pod: string;
  /** Whether the kernel judges its packets by its policies; until then nothing passes. */
  readonly enforced: boolean;
  readonly because?: string;
}

/**
 * The pod that asks, known by its address: the table lets no packet with another's address come from a pod's link. Undefined
 * where no pod of this node has it.
 */
export function selfState(served: Served, remoteAddress: string | undefined): SelfState | undefined {
  const address = parseAddress((remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/i, ""));
  const { applied, failing } = served.agent;
  const pod = address === undefined ? undefined : applied?.podOf.get(formatAddress(address));
  if (pod === undefined) return undefined;
  const because =
    applied?.closedPods.get(pod) ?? (failing === undefined ? undefined : "the last change is not in force");
  return { pod, enforced: because === undefined, ...(because === undefined ? {} : { because }) };
}
