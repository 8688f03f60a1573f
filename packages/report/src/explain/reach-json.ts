import { type Reach, type ReachedAddresses, formatAddress, podKey } from "@podwall/engine";
import { jsonEndpoint } from "../json.ts";
import { jsonConnections } from "../verdict-json.ts";

/** The fields of a reach. */
export function jsonReach({ end, as, pods, closedPods, addresses, names }: Reach): Readonly<Record<string, unknown>> {
  return {
    [as]: jsonEndpoint(end),
    pods: pods.map(({ name, pods: own, connections }) => ({
      name,
      pods: own.map(podKey),
      connections: jsonConnections(connections),
    })),
    addresses: addresses.map(({ intervals, connections }) => ({
      intervals: jsonIntervals(intervals),
      connections: jsonConnections(connections),
    })),
    names: names.map(({ domainNames, connections }) => ({ domainNames, connections: jsonConnections(connections) })),
    closedPods,
  };
}

/** First and last address of each. */
export function jsonIntervals(intervals: ReachedAddresses["intervals"]): readonly Readonly<Record<string, string>>[] {
  return intervals.map(({ first, last }) => ({ first: formatAddress(first), last: formatAddress(last) }));
}
