import { type Direction, allConnections, formatConnections } from "@podwall/engine";
import { jsonOutput } from "../json.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { jsonConnections } from "../verdict-json.ts";
import type { ConnectionMap, MapPair } from "./connection-map.ts";
import type { MapEnd } from "./map-ends.ts";

/** One line for each pair that may exchange something, by source. */
export function mapText({ ends, pairs, byName, closed }: ConnectionMap, style: Style): string {
  const all = [...pairs, ...byName];
  const width = all.reduce((widest, { source }) => Math.max(widest, printable(source).length), 0);
  const to = all.reduce((widest, { destination }) => Math.max(widest, printable(destination).length), 0);
  const line = ({ source, destination, connections }: MapPair, note: string): string => {
    const text = formatConnections(connections);
    const shown = text === formatConnections(allConnections) ? style.warn(text) : style.good(text);
    return `${printable(source).padEnd(width)} -> ${printable(destination).padEnd(to)}  ${shown}${note}`;
  };
  const lines = [...pairs.map((pair) => line(pair, "")), ...byName.map((pair) => line(pair, " by name"))];
  const summary = `${ends.length} ends, ${pairs.length + closed} pairs: ${pairs.length} may talk, ${closed} may not`;
  const isolation = (["ingress", "egress"] as const).map((direction) => openText(ends, direction));
  return [...lines, ...(lines.length === 0 ? [] : [""]), summary, ...isolation].join("\n");
}

function openText(ends: readonly MapEnd[], direction: Direction): string {
  const names = ends.filter(({ open }) => open.includes(direction)).map(({ name }) => printable(name));
  return `not isolated for ${direction}: ${names.length === 0 ? "none" : names.join(", ")}`;
}

export function mapJson(
  { ends, pairs, byName, closed }: ConnectionMap,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return jsonOutput("ConnectionMap", {
    ends,
    closedPairs: closed,
    pairs: pairs.map(jsonPair),
    byName: byName.map(jsonPair),
    ...more,
  });
}

function jsonPair({ source, destination, connections }: MapPair): Readonly<Record<string, unknown>> {
  return { source, destination, connections: jsonConnections(connections) };
}
