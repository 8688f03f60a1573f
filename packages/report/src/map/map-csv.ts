import { type ConnectionSet, formatConnections, noConnections, protocols } from "@podwall/engine";
import { csvLine } from "../escape/csv-line.ts";
import type { ConnectionMap, MapPair } from "./connection-map.ts";

/** A line for each pair and protocol that may pass; `other` is what has no ports. */
export function mapCsv({ pairs, byName }: ConnectionMap): string {
  const lines = [
    ...pairs.flatMap((pair) => pairLines(pair, "no")),
    ...byName.flatMap((pair) => pairLines(pair, "yes")),
  ];
  return [csvLine(["source", "destination", "protocol", "ports", "by name"]), ...lines].join("");
}

function pairLines({ source, destination, connections }: MapPair, byName: "yes" | "no"): string[] {
  const parts = protocols
    .filter((protocol) => connections[protocol].length > 0)
    .map((protocol) => [protocol, portsText(protocol, connections)] as const);
  const all = connections.other ? [...parts, ["other", ""] as const] : parts;
  return all.map(([protocol, ports]) => csvLine([source, destination, protocol, ports, byName]));
}

/** `80 8000-9000`, or `all`. */
function portsText(protocol: (typeof protocols)[number], connections: ConnectionSet): string {
  const text = formatConnections({ ...noConnections, [protocol]: connections[protocol] });
  return text === protocol ? "all" : text.slice(protocol.length + 1).replaceAll(",", " ");
}
