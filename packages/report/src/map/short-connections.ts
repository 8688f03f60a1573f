import { type ConnectionSet, formatConnections } from "@podwall/engine";

/** What fits a cell: `all`, `5432`, `53u`, `80-90`, `30000…` for a long range, and `80+2` where there is more. */
export function shortConnections(set: ConnectionSet): string {
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
