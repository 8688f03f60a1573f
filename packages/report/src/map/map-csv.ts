import { type ConnectionSet, formatConnections, noConnections, protocols } from "@podwall/engine";
import { csvLine } from "../escape/csv-line.ts";
import { missingFactText } from "../explain/missing-facts-text.ts";
import type { ConnectionMap } from "./connection-map.ts";
import type { MapPair } from "./map-pair.ts";

/** A line for each pair and protocol that passes, and for each that may pass or not; `other` is what has no ports. */
export function mapCsv({ pairs, byName }: ConnectionMap): string {
  const lines = [
    ...pairs.flatMap((pair) => pairLines(pair, "no")),
    ...byName.flatMap((pair) => pairLines(pair, "yes")),
  ];
  return [csvLine(["source", "destination", "protocol", "ports", "by name", "answer", "depends on"]), ...lines].join(
    "",
  );
}

function pairLines({ source, destination, connections, unknown }: MapPair, byName: "yes" | "no"): string[] {
  const line = ([protocol, ports]: readonly [string, string], answer: string, missing: string): string =>
    csvLine([source, destination, protocol, ports, byName, answer, missing]);
  const missing = [...new Set(unknown?.missing.map(missingFactText))].join("; ");
  return [
    ...partsOf(connections).map((part) => line(part, "allowed", "")),
    ...(unknown === undefined ? [] : partsOf(unknown.connections).map((part) => line(part, "unknown", missing))),
  ];
}

/** Protocols with their ports. */
function partsOf(connections: ConnectionSet): (readonly [string, string])[] {
  const parts = protocols
    .filter((protocol) => connections[protocol].length > 0)
    .map((protocol) => [protocol, portsText(protocol, connections)] as const);
  return connections.other ? [...parts, ["other", ""] as const] : parts;
}

/** `80 8000-9000`, or `all`. */
function portsText(protocol: (typeof protocols)[number], connections: ConnectionSet): string {
  const text = formatConnections({ ...noConnections, [protocol]: connections[protocol] });
  return text === protocol ? "all" : text.slice(protocol.length + 1).replaceAll(",", " ");
}
