import { inputText } from "../input-options.ts";
import { grouped, megabytes, seconds, times } from "../output/figures.ts";
import { table } from "../output/table.ts";
import type { MapRow, PeerRow } from "./map-row.ts";

/** Peers beside podwall; undefined where none ran. */
export function peerTable(rows: readonly MapRow[]): string | undefined {
  const raced = rows.filter(({ peers }) => peers.length > 0);
  if (raced.length === 0) return undefined;
  const head = [
    "input",
    "tool and question",
    "rounds",
    "wall s",
    "CPU s",
    "peak MB",
    "wall ÷ podwall",
    "memory ÷ podwall",
    "pairs that may talk",
  ];
  return table(
    head,
    raced.flatMap((row) => [podwallCells(row), ...row.peers.map((peer) => peerCells(row, peer))]),
  );
}

function podwallCells({ input, rounds, wallMs, cpuMs, peakBytes, map }: MapRow): string[] {
  return [
    inputText(input),
    "podwall: all connections",
    `${rounds}`,
    seconds(wallMs),
    seconds(cpuMs),
    megabytes(peakBytes.median),
    times(1),
    times(1),
    grouped(map.podPairs),
  ];
}

function peerCells({ input, wallMs, peakBytes }: MapRow, peer: PeerRow): string[] {
  // What was stopped would have taken longer; how much longer nobody knows.
  const atLeast = peer.failure?.startsWith("stopped") === true ? "≥ " : "";
  const comparable = peer.failure === undefined || atLeast !== "";
  const ratio = (own: number, podwall: number): string => (comparable ? `${atLeast}${times(own / podwall)}` : "–");
  return [
    inputText(input),
    `${peer.name} ${peer.version} ${peer.question}`,
    `${peer.rounds}`,
    peer.failure ?? seconds(peer.wallMs),
    seconds(peer.cpuMs),
    megabytes(peer.peakBytes.median),
    ratio(peer.wallMs.median, wallMs.median),
    ratio(peer.peakBytes.median, peakBytes.median),
    pairsText(peer),
  ];
}

function pairsText({ pairs }: PeerRow): string {
  if (pairs === undefined) return "–";
  const { peer, podwall } = pairs;
  return peer === podwall ? `${grouped(peer)}, as podwall` : `${grouped(peer)}, podwall ${grouped(podwall)}`;
}
