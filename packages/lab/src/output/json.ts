import { type Cluster, formatAddress } from "@podwall/engine";
import { agrees } from "../probe/result.ts";
import type { ShownResult } from "./shown-result.ts";
import type { Explain } from "./text.ts";

export interface LabResult {
  readonly cluster: Cluster;
  readonly results: readonly ShownResult[];
  /** What a reader should know of how the lab differs from what the manifests say. */
  readonly notes: readonly string[];
  readonly explain: Explain;
}

/** A round of probes as JSON. `observed` is null where nothing was sent. */
export function labResultJson({ cluster, results, notes, explain }: LabResult): string {
  const isWrong = ({ verdict, answer }: ShownResult): boolean =>
    answer !== undefined && !agrees(verdict.allowed, answer.outcome);
  const document = {
    apiVersion: "podwall.dev/v1",
    kind: "LabResult",
    pods: cluster.pods
      .filter(({ completed, addresses }) => !completed && addresses.length > 0)
      .map(({ namespace, name, node, addresses, workload }) => ({
        namespace,
        name,
        node,
        addresses: addresses.map(formatAddress),
        ...(workload === undefined ? {} : { workload }),
      })),
    probes: results.map(probeJson),
    mismatches: results
      .filter(isWrong)
      .map((result) => ({ ...probeJson(result), explanation: explain(result.verdict) })),
    notes,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function probeJson({ cell, verdict, answer, retries }: ShownResult): object {
  const { from, to, address, port, protocol } = cell;
  return {
    from,
    to,
    address: formatAddress(address),
    port,
    protocol,
    predicted: verdict.allowed ? "allowed" : "denied",
    observed: answer?.outcome ?? null,
    ...(answer === undefined ? {} : { tookMs: Math.round(answer.tookMs * 10) / 10, retries: retries ?? 0 }),
  };
}
