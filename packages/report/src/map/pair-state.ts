import { formatConnections, isEmpty } from "@podwall/engine";
import { counted } from "../counted.ts";
import type { ConnectionMap } from "./connection-map.ts";
import type { MapPair } from "./map-pair.ts";

/** Whether something passes for sure. */
export function isOpen({ connections }: Pick<MapPair, "connections">): boolean {
  return !isEmpty(connections);
}

/** `TCP 80`, `TCP 80; unknown: UDP 53`, `unknown: all`. */
export function pairStateText({ connections, unknown }: Pick<MapPair, "connections" | "unknown">): string {
  if (unknown === undefined) return formatConnections(connections);
  const rest = `unknown: ${formatConnections(unknown.connections)}`;
  return isEmpty(connections) ? rest : `${formatConnections(connections)}; ${rest}`;
}

/** `20 ends, 501 pairs: 60 may talk, 441 may not`; and how many are not known, where some are not. */
export function mapSummary({ ends, pairs, closed }: ConnectionMap): string {
  const open = pairs.filter(isOpen).length;
  const unknown = pairs.length - open;
  const all = counted(pairs.length + closed, "pair");
  const rest = unknown === 0 ? "" : `, ${unknown} unknown`;
  return `${counted(ends.length, "end")}, ${all}: ${open} may talk, ${closed} may not${rest}`;
}
