import { type ClusterDiff, type DiffBlock, type DiffEnd, formatAddress, formatIntervals } from "@podwall/engine";
import { jsonMissingFacts } from "../explain/missing-facts-json.ts";
import { distinctFacts } from "../explain/missing-notes.ts";
import { jsonOutput } from "../json.ts";
import { changedPairs } from "./diff-sections.ts";
import { jsonConnections } from "../verdict-json.ts";

/** What opens and what closes. Ends are listed once, and blocks name them. */
export function diffJson({ blocks, ends }: ClusterDiff, more: Readonly<Record<string, unknown>> = {}): string {
  const { opened, closed, unknown } = changedPairs(blocks);
  return jsonOutput("ClusterDiff", {
    openedPairs: opened,
    closedPairs: closed,
    unknownPairs: unknown,
    ends: ends.map(({ name, namespace, pods, presence }) => ({ name, namespace, pods, presence })),
    blocks: blocks.map(jsonBlock),
    ...more,
  });
}

function jsonBlock(block: DiffBlock): Readonly<Record<string, unknown>> {
  const { sources, destinations, scope, pairs, before, after, opened, closed, unknown } = block;
  return {
    scope,
    pairs,
    sources: sources.map(jsonEnd),
    destinations: destinations.map(jsonEnd),
    before: jsonConnections(before),
    after: jsonConnections(after),
    opened: jsonConnections(opened),
    closed: jsonConnections(closed),
    ...(unknown === undefined
      ? {}
      : {
          unknown: {
            opened: jsonConnections(unknown.opened),
            closed: jsonConnections(unknown.closed),
            missing: jsonMissingFacts(distinctFacts(unknown.missing)),
          },
        }),
  };
}

function jsonEnd(end: DiffEnd): unknown {
  switch (end.kind) {
    case "pods":
      return { end: end.name };
    case "addresses":
      return {
        addresses: formatIntervals(end.intervals),
        intervals: end.intervals.map(({ first, last }) => ({ first: formatAddress(first), last: formatAddress(last) })),
      };
    case "domain":
      return { domainName: end.name };
  }
}
