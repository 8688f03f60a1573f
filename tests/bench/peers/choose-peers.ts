import { type Context, UsageError } from "../context.ts";
import { buildPeer, hasGo, isBuilt } from "./build-peer.ts";
import { cyclonus } from "./cyclonus.ts";
import { netpolAnalyzer } from "./netpol-analyzer.ts";
import type { Peer } from "./peer.ts";

const allPeers: readonly Peer[] = [netpolAnalyzer, cyclonus];

/** What was said about peers on the command line. */
export interface PeerFlags {
  readonly peers?: boolean;
  readonly "no-peers"?: boolean;
}

/** The peers that take part: with `--peers` all, built where they are not; without, those that are built. Says who does not. */
export function choosePeers(flags: PeerFlags, peersFolder: string, { say }: Context): readonly Peer[] {
  if (flags["no-peers"] === true) return [];
  const isMissing = (peer: Peer): boolean => !isBuilt(peer, peersFolder);
  const missing = allPeers.filter(isMissing);
  if (flags.peers === true) {
    if (missing.length > 0 && !hasGo()) throw new UsageError("--peers needs Go, to build them; there is none in PATH");
    for (const peer of missing) {
      say(`building ${peer.name} ${peer.version}, which takes minutes the first time`);
      buildPeer(peer, peersFolder);
    }
    return allPeers;
  }
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(" and ");
    const why = hasGo() ? "not built yet: --peers builds them" : "not built, and there is no Go to build them with";
    say(`without ${names}: ${why}`);
  }
  return allPeers.filter((peer) => !isMissing(peer));
}
