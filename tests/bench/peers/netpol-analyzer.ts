import type { Peer } from "./peer.ts";

/**
 * np-guard's analyzer: every connection with its port sets. It reads the very files that podwall reads, bare pods and
 * Deployments, and leaves a workload's connections with itself out. Its blocks never match pods.
 */
export const netpolAnalyzer: Peer = {
  name: "netpol-analyzer",
  version: "v1.4.4",
  package: "github.com/np-guard/netpol-analyzer/cmd/netpolicy",
  question: "list: all connections",
  forms: ["pods", "deployments"],
  prepare: ({ folder }) => ["list", "--quiet", "--dirpath", folder, "--output", "json"],
  countPairs: (text) => {
    const found = JSON.parse(text) as readonly { readonly src: string; readonly dst: string }[];
    return found.filter(({ src, dst }) => isWorkload(src) && isWorkload(dst)).length;
  },
  podwallPairs: ({ workloadPairsWithoutBlocks }) => workloadPairsWithoutBlocks,
};

/** `namespace/name[Kind]`; other ends are ranges of addresses. */
function isWorkload(end: string): boolean {
  return end.endsWith("]");
}
