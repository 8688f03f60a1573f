import type { Reached } from "@podwall/engine";
import { jsonConnections } from "../verdict-json.ts";
import type { MissingNotes } from "./missing-notes.ts";

/** What may pass, and what besides as things are; `missing` are places in the list of notes. */
export function jsonReached({ connections, unknown }: Reached, notes: MissingNotes): Readonly<Record<string, unknown>> {
  return {
    connections: jsonConnections(connections),
    ...(unknown === undefined
      ? {}
      : { unknown: { connections: jsonConnections(unknown.connections), missing: notes.placesOf(unknown.missing) } }),
  };
}
