import { type Reach, type Reached, formatIntervals } from "@podwall/engine";
import { counted } from "../counted.ts";
import { endpointText } from "../endpoint-text.ts";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";
import { GroupedNotes } from "./grouped-notes.ts";
import { isSure, reachedText } from "./reached-text.ts";

/** Everybody whom an end may reach, or who may reach it, a line each: pods, addresses, names. */
export function reachText(reach: Reach, style: Style): string {
  const { end, as, pods, closedPods } = reach;
  const notes = new GroupedNotes();
  const rows = reachRows(reach).map(({ who, set, byName }) => ({
    who: printable(who),
    what: `${reachedText(set, notes, style)}${byName ? " by name" : ""}`,
  }));
  const width = widthOf(rows.map(({ who }) => who));
  const heading = as === "source" ? `${endpointText(end)} may reach` : `${endpointText(end)} may be reached by`;
  const count = (isCounted: (set: Reached) => boolean): number =>
    pods.filter(isCounted).reduce((sum, { pods: own }) => sum + own.length, 0);
  const [open, unknown] = [count(isSure), count((set) => !isSure(set))];
  const rest = unknown === 0 ? "" : `, ${unknown} unknown`;
  return [
    `${heading}${rows.length === 0 ? ` ${style.bad("nobody")}` : ""}`,
    ...rows.map(({ who, what }) => `  ${who.padEnd(width)}  ${what}`),
    `${open} of ${counted(open + unknown + closedPods, "pod")}${rest}`,
    ...notes.lines,
  ].join("\n");
}

interface ReachRow {
  readonly who: string;
  readonly set: Reached;
  readonly byName: boolean;
}

function reachRows({ pods, addresses, names }: Pick<Reach, "pods" | "addresses" | "names">): readonly ReachRow[] {
  return [
    ...pods.map((set) => ({
      who: set.pods.length === 1 ? set.name : `${set.name} (${set.pods.length} pods)`,
      set,
      byName: false,
    })),
    ...addresses.map((set) => ({ who: formatIntervals(set.intervals), set, byName: false })),
    ...names.flatMap((set) => set.domainNames.map((who) => ({ who, set, byName: true }))),
  ];
}

/** Which addresses outside an end may reach, or may be reached by, and which names; a line each, then what is not known. */
export function outsideReachText({ addresses, names }: Reach, style: Style): readonly string[] {
  const notes = new GroupedNotes();
  const lines = reachRows({ addresses, names, pods: [] }).map(
    ({ who, set, byName }) => `${reachedText(set, notes, style)}  ${printable(who)}${byName ? " by name" : ""}`,
  );
  return [...lines, ...notes.lines];
}

/** Columns for names that stand below each other; a longer one stands out. */
export function widthOf(names: readonly string[]): number {
  return names.reduce((widest, { length }) => (length > mostWidth ? widest : Math.max(widest, length)), 0);
}

const mostWidth = 60;
