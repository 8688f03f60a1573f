import { type BlastEnd, type BlastRadius, formatIntervals } from "@podwall/engine";
import { counted } from "../counted.ts";
import { endpointText } from "../endpoint-text.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { setText, widthOf } from "./reach-text.ts";

/** What a pod that is taken over may reach, nearest first. */
export function blastRadiusText({ end, mostHops, ends, safePods, outside }: BlastRadius, style: Style): string {
  const width = widthOf(ends.map(({ name }) => printable(name)));
  const pods = ends.reduce((sum, { pods: own }) => sum + own.length, 0);
  const lines: string[] = [];
  for (let hops = 1; hops <= mostHops; hops++) {
    const own = ends.filter((one) => one.hops === hops);
    if (own.length === 0) continue;
    lines.push(`${hops === 1 ? "directly" : `in ${hops} steps`}:`);
    for (const one of own) lines.push(`  ${endLine(one, width, style)}`);
  }
  if (outside.length > 0) lines.push("outside:");
  for (const { from, intervals, connections } of outside) {
    lines.push(`  ${formatIntervals(intervals)}  ${setText(connections, style)}, from ${printable(from)}`);
  }
  const summary = `${pods} of ${counted(pods + safePods, "other pod")} in at most ${counted(mostHops, "step")}`;
  const heading = `from ${endpointText(end)}, if it is taken over:`;
  return [`${heading}${lines.length === 0 ? ` ${style.good("nobody")}` : ""}`, ...lines, summary].join("\n");
}

function endLine({ name, via, connections, declared, pods }: BlastEnd, width: number, style: Style): string {
  const listens = declared.map(
    ({ protocol, port, name: of }) => `${protocol} ${port}${of === undefined ? "" : ` "${of}"`}`,
  );
  const declares = listens.length === 0 ? "" : `; declares ${listens.join(", ")}`;
  const way = via.length === 1 ? "" : `; by ${via.slice(1).join(" -> ")}`;
  const several = pods.length === 1 ? "" : ` (${pods.length} pods)`;
  return `${printable(name).padEnd(width)}  ${setText(connections, style)}${printable(`${declares}${way}${several}`)}`;
}
