import type { Endpoint } from "@podwall/engine";
import { agrees } from "../probe/result.ts";
import type { ShownResult } from "./shown-result.ts";

/** All results from one workload, bare pod or outside address to another. */
export interface Group {
  readonly from: string;
  readonly to: string;
  /** By such as `80/TCP`: how many connections are predicted to be allowed and denied. */
  readonly ports: Map<string, { allowed: number; denied: number }>;
  mismatches: number;
}

/** Groups by `from\nto`. */
export function groupResults(results: readonly ShownResult[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const { cell, verdict, answer } of results) {
    const from = groupName(cell.connection.source, cell.from);
    const to = groupName(cell.connection.destination, cell.to);
    const key = `${from}\n${to}`;
    const group = groups.get(key) ?? { from, to, ports: new Map(), mismatches: 0 };
    groups.set(key, group);
    const port = `${cell.port}/${cell.protocol}`;
    const counts = group.ports.get(port) ?? { allowed: 0, denied: 0 };
    group.ports.set(port, counts);
    counts[verdict.allowed ? "allowed" : "denied"]++;
    if (answer !== undefined && !agrees(verdict.allowed, answer.outcome)) group.mismatches++;
  }
  return groups;
}

function groupName(endpoint: Endpoint, name: string): string {
  if (endpoint.kind === "address" || endpoint.pod.workload === undefined) return name;
  return `${endpoint.pod.namespace}/${endpoint.pod.workload.name}`;
}
