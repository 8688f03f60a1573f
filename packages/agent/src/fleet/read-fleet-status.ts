import type { KubeClient } from "@podwall/kube";
import type { Fleet } from "./fleet.ts";
import { type FleetStatus, fleetStatus } from "./fleet-status.ts";
import { writtenPolicies } from "./written-policies.ts";

/** Asks the API server what is written, and every agent what it enforces. Rejects with a `KubeError`. */
export async function readFleetStatus(client: KubeClient, fleet: Fleet, signal: AbortSignal): Promise<FleetStatus> {
  const [written, nodes] = await Promise.all([writtenPolicies(client, signal), fleet.nodes(signal)]);
  const answers = await fleet.ask(nodes, signal);
  const status = fleetStatus(written, answers);
  if (status.deletedPolicies.length === 0) return status;
  return fleetStatus(written, answers, await writtenPolicies(client, signal));
}
