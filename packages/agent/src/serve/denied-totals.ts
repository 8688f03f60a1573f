import type { DeniedFlow } from "@podwall/dataplane";

/** What was denied lately, added up. */
export interface DeniedTotals {
  readonly flows: number;
  /** By the direction that denied it. */
  readonly packets: Readonly<Record<DeniedFlow["direction"], number>>;
}

/** Adds connections up, of which there may be a quarter of a million: whoever scans makes them. */
export function deniedTotals(flows: readonly DeniedFlow[]): DeniedTotals {
  const packets = { egress: 0, ingress: 0 };
  for (const flow of flows) packets[flow.direction] += flow.packets;
  return { flows: flows.length, packets };
}
