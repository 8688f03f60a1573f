import { type Cluster, type Direction, type Pod, type Verdict, podKey } from "@podwall/engine";
import { jsonOutput } from "../json.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { verdictText } from "../verdict-text.ts";

/** Connections that were tried in a cluster, beside what the engine predicts. */
export interface ProbeReport {
  /** As the kubeconfig names it. */
  readonly cluster: string;
  readonly connections: readonly ProbedConnection[];
  /** What policies should have been tried with and were not, as no two pods are there for it. */
  readonly notFound: readonly {
    readonly policy: string;
    readonly direction: Direction;
    readonly wanted: "allowed" | "denied";
  }[];
}

/** A TCP connection from a pod like `source` to a pod. */
export interface ProbedConnection {
  readonly source: Pod;
  readonly destination: Pod;
  readonly port: number;
  /** Undefined where one of the two is no more. */
  readonly verdict: Verdict | undefined;
  /** `open`, or how it failed; undefined where nothing was seen. */
  readonly seen: string | undefined;
  readonly outcome: "agrees" | "disagrees" | "unknown";
  /** Why it is unknown. */
  readonly because: string | undefined;
}

/** For a terminal: a line for each connection, and why, where prediction and cluster disagree. */
export function probeText({ connections, notFound }: ProbeReport, cluster: Cluster, style: Style): string {
  const lines = connections.flatMap((connection) => {
    const { outcome, because, seen = "nothing", verdict } = connection;
    const word = { agrees: style.good, disagrees: style.bad, unknown: style.warn }[outcome](outcome.padEnd(9));
    const prediction = predicted(connection) ?? "not predicted";
    const line = `${word}  ${what(connection)}: ${prediction}, seen ${printable(seen)}`;
    if (outcome === "unknown") return [`${line}; ${printable(because ?? "")}`];
    if (outcome === "agrees" || verdict === undefined) return [line];
    return [
      line,
      ...verdictText(cluster, verdict, style)
        .split("\n")
        .map((text) => `    ${text}`),
    ];
  });
  const missing = notFound.map(({ policy, direction, wanted }) =>
    style.dim(`not tried: for ${printable(policy)} no connection that its ${direction} rules have ${wanted}`),
  );
  return [...lines, ...missing, ...(lines.length + missing.length > 0 ? [""] : []), probeSummary(connections), ""].join(
    "\n",
  );
}

export function probeJson({ cluster, connections, notFound }: ProbeReport): string {
  return jsonOutput("ProbeReport", {
    cluster,
    connections: connections.map((connection) => ({
      source: podKey(connection.source),
      destination: podKey(connection.destination),
      protocol: "TCP",
      port: connection.port,
      predicted: predicted(connection),
      seen: connection.seen,
      outcome: connection.outcome,
      because: connection.because,
    })),
    notFound,
  });
}

function probeSummary(connections: readonly ProbedConnection[]): string {
  const count = (outcome: ProbedConnection["outcome"]) => connections.filter((one) => one.outcome === outcome).length;
  return `${count("agrees")} as predicted, ${count("disagrees")} not, ${count("unknown")} unknown`;
}

function predicted({ verdict }: ProbedConnection): "allowed" | "denied" | undefined {
  return verdict && (verdict.allowed ? "allowed" : "denied");
}

function what({ source, destination, port }: ProbedConnection): string {
  return printable(`like ${podKey(source)} to ${podKey(destination)}, TCP ${port}`);
}
