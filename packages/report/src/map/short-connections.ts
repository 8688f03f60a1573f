import { type ConnectionSet, formatConnections, isEmpty } from "@podwall/engine";
import type { MapPair } from "./map-pair.ts";

/** What of a pair fits a cell: as `shortConnections`; `5432?` where that is not known, `80+?` where more may pass. */
export function shortState({ connections, unknown }: Pick<MapPair, "connections" | "unknown">): string {
  if (unknown === undefined) return shortConnections(connections);
  if (!isEmpty(connections)) return `${shortConnections(connections)}+?`;
  const text = shortConnections(unknown.connections);
  return text === "all" ? "?" : `${text}?`;
}

/** What fits a cell: `all`, `5432`, `53u`, `80-90`, `30000…` for a long range, and `80+2` where there is more. */
function shortConnections(set: ConnectionSet): string {
  const text = formatConnections(set);
  const parts = text.split("; ").flatMap((part) => {
    const [protocol = "", ports] = part.split(" ");
    if (ports === undefined) return [protocol === "other" ? "…" : protocol.toLowerCase()];
    return ports
      .split(",")
      .map((port) => `${port.length > widest ? port.replace(/-.*/, "…") : port}${marks[protocol] ?? ""}`);
  });
  const [first = ""] = parts;
  return parts.length === 1 ? first : `${first}+${parts.length - 1}`;
}

/** Letters of a range that fit; of a longer one the first port is shown. */
const widest = 7;

const marks: Readonly<Record<string, string>> = { UDP: "u", SCTP: "s" };
