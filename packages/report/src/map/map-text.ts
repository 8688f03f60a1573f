import type { Direction } from "@podwall/engine";
import { jsonMissingFacts } from "../explain/missing-facts-json.ts";
import { GroupedNotes } from "../explain/grouped-notes.ts";
import { MissingNotes } from "../explain/missing-notes.ts";
import { jsonOutput } from "../json.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { jsonConnections } from "../verdict-json.ts";
import type { ConnectionMap } from "./connection-map.ts";
import type { MapPair } from "./map-pair.ts";
import type { MapEnd } from "./map-ends.ts";
import { isOpen, mapSummary, pairStateText } from "./pair-state.ts";

/** One line for each pair that may exchange something, by source. */
export function mapText(map: ConnectionMap, style: Style): string {
  const { ends, pairs, byName } = map;
  const all = [...pairs, ...byName];
  const width = all.reduce((widest, { source }) => Math.max(widest, printable(source).length), 0);
  const to = all.reduce((widest, { destination }) => Math.max(widest, printable(destination).length), 0);
  const notes = new GroupedNotes();
  const line = (pair: MapPair, note: string): string => {
    const { source, destination, unknown } = pair;
    const text = pairStateText(pair);
    const shown = unknown !== undefined || text === "all" ? style.warn(text) : style.good(text);
    const mark = unknown === undefined ? "" : notes.mark(unknown.missing);
    return `${printable(source).padEnd(width)} -> ${printable(destination).padEnd(to)}  ${shown}${mark}${note}`;
  };
  const lines = [...pairs.map((pair) => line(pair, "")), ...byName.map((pair) => line(pair, " by name"))];
  const isolation = (["ingress", "egress"] as const).map((direction) => openText(ends, direction));
  return [...lines, ...(lines.length === 0 ? [] : [""]), mapSummary(map), ...notes.lines, ...isolation].join("\n");
}

function openText(ends: readonly MapEnd[], direction: Direction): string {
  const names = ends.filter(({ open }) => open.includes(direction)).map(({ name }) => printable(name));
  return `not isolated for ${direction}: ${names.length === 0 ? "none" : names.join(", ")}`;
}

export function mapJson(
  { ends, pairs, byName, closed }: ConnectionMap,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const notes = new MissingNotes();
  const jsonPair = ({ source, destination, connections, unknown }: MapPair): Readonly<Record<string, unknown>> => ({
    source,
    destination,
    connections: jsonConnections(connections),
    ...(unknown === undefined
      ? {}
      : { unknown: { connections: jsonConnections(unknown.connections), missing: notes.placesOf(unknown.missing) } }),
  });
  const all = { pairs: pairs.map(jsonPair), byName: byName.map(jsonPair) };
  return jsonOutput("ConnectionMap", {
    ends,
    closedPairs: closed,
    unknownPairs: pairs.filter((pair) => !isOpen(pair)).length,
    ...all,
    missing: jsonMissingFacts(notes.facts),
    ...more,
  });
}
