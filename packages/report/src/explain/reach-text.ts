import { type ConnectionSet, type Reach, allConnections, formatConnections, formatIntervals } from "@podwall/engine";
import { counted } from "../counted.ts";
import { endpointText } from "../endpoint-text.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";

/** Everybody whom an end may reach, or who may reach it, a line each: pods, addresses, names. */
export function reachText({ end, as, pods, closedPods, addresses, names }: Reach, style: Style): string {
  const rows = [
    ...pods.map(({ name, pods: own, connections }) => ({
      who: own.length === 1 ? name : `${name} (${own.length} pods)`,
      what: setText(connections, style),
    })),
    ...addresses.map(({ intervals, connections }) => ({
      who: formatIntervals(intervals),
      what: setText(connections, style),
    })),
    ...names.flatMap(({ domainNames, connections }) =>
      domainNames.map((who) => ({ who, what: `${setText(connections, style)} by name` })),
    ),
  ].map(({ who, what }) => ({ who: printable(who), what }));
  const width = widthOf(rows.map(({ who }) => who));
  const heading = as === "source" ? `${endpointText(end)} may reach` : `${endpointText(end)} may be reached by`;
  const open = pods.reduce((sum, { pods: own }) => sum + own.length, 0);
  return [
    `${heading}${rows.length === 0 ? ` ${style.bad("nobody")}` : ""}`,
    ...rows.map(({ who, what }) => `  ${who.padEnd(width)}  ${what}`),
    `${open} of ${counted(open + closedPods, "pod")}`,
  ].join("\n");
}

/** Columns for names that stand below each other; a longer one stands out. */
export function widthOf(names: readonly string[]): number {
  return names.reduce((widest, { length }) => (length > mostWidth ? widest : Math.max(widest, length)), 0);
}

const mostWidth = 60;

/** What may pass; everything is marked. */
export function setText(connections: ConnectionSet, style: Style): string {
  const text = formatConnections(connections);
  return text === formatConnections(allConnections) ? style.warn(text) : style.good(text);
}
