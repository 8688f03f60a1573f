import { type BlastEnd, type BlastRadius, formatIntervals } from "@podwall/engine";
import { endpointText } from "../endpoint-text.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { setText } from "./reach-text.ts";

/** What a pod that is taken over may reach, nearest first. */
export function blastRadiusText({ end, mostHops, ends, safePods, outside }: BlastRadius, style: Style): string {
  const width = ends.reduce((widest, { name }) => Math.max(widest, printable(name).length), 0);
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
  const summary = `${pods} of ${pods + safePods} other pods in at most ${mostHops} ${mostHops === 1 ? "step" : "steps"}`;
  return [`from ${endpointText(end)}, if it is taken over:`, ...lines, summary].join("\n");
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
