import { type BlastEnd, type BlastRadius, formatIntervals } from "@podwall/engine";
import { counted } from "../counted.ts";
import { endpointText } from "../endpoint-text.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { GroupedNotes } from "./grouped-notes.ts";
import { widthOf } from "./reach-text.ts";
import { isSure, reachedText } from "./reached-text.ts";

/** What a pod that is taken over may reach, nearest first. */
export function blastRadiusText({ end, mostHops, ends, safePods, outside }: BlastRadius, style: Style): string {
  const width = widthOf(ends.map(({ name }) => printable(name)));
  const notes = new GroupedNotes();
  const lines: string[] = [];
  for (let hops = 1; hops <= mostHops; hops++) {
    const own = ends.filter((one) => one.hops === hops);
    if (own.length === 0) continue;
    lines.push(`${hops === 1 ? "directly" : `in ${hops} steps`}:`);
    for (const one of own) lines.push(`  ${endLine(one, width, notes, style)}`);
  }
  if (outside.length > 0) lines.push("outside:");
  for (const one of outside) {
    lines.push(`  ${formatIntervals(one.intervals)}  ${reachedText(one, notes, style)}, from ${printable(one.from)}`);
  }
  const podsOf = (own: readonly BlastEnd[]): number => own.reduce((sum, { pods }) => sum + pods.length, 0);
  const [open, unknown] = [podsOf(ends.filter(isSure)), podsOf(ends.filter((one) => !isSure(one)))];
  const rest = unknown === 0 ? "" : `, ${unknown} unknown`;
  const all = counted(open + unknown + safePods, "other pod");
  const summary = `${open} of ${all} in at most ${counted(mostHops, "step")}${rest}`;
  const heading = `from ${endpointText(end)}, if it is taken over:`;
  return [`${heading}${lines.length === 0 ? ` ${style.good("nobody")}` : ""}`, ...lines, summary, ...notes.lines].join(
    "\n",
  );
}

function endLine(end: BlastEnd, width: number, notes: GroupedNotes, style: Style): string {
  const { name, via, declared, pods, possibleHops, unknown } = end;
  const listens = declared.map(
    ({ protocol, port, name: of }) => `${protocol} ${port}${of === undefined ? "" : ` "${of}"`}`,
  );
  const declares = listens.length === 0 ? "" : `; declares ${listens.join(", ")}`;
  const way = via.length === 1 ? "" : `; by ${via.slice(1).join(" -> ")}`;
  const several = pods.length === 1 ? "" : ` (${pods.length} pods)`;
  const sooner =
    possibleHops === undefined
      ? ""
      : `; ${style.warn(`maybe in ${counted(possibleHops, "step")}`)}${notes.mark(unknown?.missing ?? [])}`;
  const what = reachedText(end, notes, style);
  return `${printable(name).padEnd(width)}  ${what}${printable(`${declares}${way}${several}`)}${sooner}`;
}
