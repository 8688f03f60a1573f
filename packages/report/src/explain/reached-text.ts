import { type ConnectionSet, type Reached, allConnections, formatConnections, isEmpty } from "@podwall/engine";
import type { Style } from "../style.ts";
import type { GroupedNotes } from "./grouped-notes.ts";

/** What may pass; everything is marked. */
export function setText(connections: ConnectionSet, style: Style): string {
  const text = formatConnections(connections);
  return text === formatConnections(allConnections) ? style.warn(text) : style.good(text);
}

/** `TCP 80`, `TCP 80; unknown: TCP 443 [1]`, `unknown: all [1]`. */
export function reachedText({ connections, unknown }: Reached, notes: GroupedNotes, style: Style): string {
  if (unknown === undefined || isEmpty(unknown.connections)) return setText(connections, style);
  const open = `${style.warn(`unknown: ${formatConnections(unknown.connections)}`)}${notes.mark(unknown.missing)}`;
  return isEmpty(connections) ? open : `${setText(connections, style)}; ${open}`;
}

/** Whether something passes for sure. */
export function isSure({ connections }: Reached): boolean {
  return !isEmpty(connections);
}
