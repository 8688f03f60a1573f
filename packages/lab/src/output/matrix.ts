import type { Style } from "./style.ts";
import { type Group, groupResults } from "./group-results.ts";
import type { ShownResult } from "./shown-result.ts";

/** Characters of a name that are shown at most. */
const widestName = 50;

/** Who reaches whom, by workload: a row for each source, a column for each destination. */
export function renderMatrix(results: readonly ShownResult[], style: Style): string {
  const groups = groupResults(results);
  const names = [...new Set([...groups.values()].flatMap(({ from, to }) => [from, to]))].sort(compareNames);
  const digits = `${names.length}`.length;
  const width = Math.max(...names.map((name) => shorten(name).length));
  const number = (index: number): string => `${index + 1}`.padStart(digits);
  const header = `${" ".repeat(digits + width + 3)}${names.map((_, index) => number(index)).join(" ")}`;
  const rows = names.map((from, row) => {
    const marks = names.map((to) => {
      const group = groups.get(`${from}\n${to}`);
      return `${" ".repeat(digits - 1)}${group === undefined ? " " : mark(group, style)}`;
    });
    return `${number(row)} ${shorten(from).padEnd(width)}  ${marks.join(" ")}`.trimEnd();
  });
  return [header, ...rows].join("\n");
}

/** Names may be 300 characters long; the marks must stay where a person sees them. */
function shorten(name: string): string {
  return name.length <= widestName ? name : `${name.slice(0, 32)}…${name.slice(33 - widestName)}`;
}

export function legend(style: Style): string {
  const marks = [
    `${style.good("+")} allowed`,
    `${style.dim(".")} denied`,
    `${style.warn("~")} some ports`,
    `${style.bad("!")} mismatch`,
  ];
  return style.dim("rows connect to columns: ") + marks.join("  ");
}

/** What is allowed where only some ports are. */
export function renderPartly(results: readonly ShownResult[], style: Style): readonly string[] {
  return [...groupResults(results).values()].flatMap(({ from, to, ports }) => {
    const open = [...ports].filter(([, { denied }]) => denied === 0).map(([port]) => port);
    const closed = [...ports].filter(([, { allowed }]) => allowed === 0).map(([port]) => port);
    const mixed = [...ports.keys()].filter((port) => !open.includes(port) && !closed.includes(port));
    if (open.length === ports.size || closed.length === ports.size) return [];
    const parts = [
      ...(open.length === 0 ? [] : [`${style.good("allowed")} ${open.join(", ")}`]),
      ...(mixed.length === 0 ? [] : [`${style.warn("for some pods or families")} ${mixed.join(", ")}`]),
      ...(closed.length === 0 ? [] : [`${style.dim("denied")} ${closed.join(", ")}`]),
    ];
    return [`${from} -> ${to}: ${parts.join("; ")}`];
  });
}

function mark({ ports, mismatches }: Group, style: Style): string {
  const counts = [...ports.values()];
  if (mismatches > 0) return style.bad("!");
  if (counts.every(({ denied }) => denied === 0)) return style.good("+");
  if (counts.every(({ allowed }) => allowed === 0)) return style.dim(".");
  return style.warn("~");
}

/** The rest of the world comes last. */
function compareNames(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => `${name.startsWith("outside ") ? 1 : 0}${name}`) as [string, string];
  return x < y ? -1 : x > y ? 1 : 0;
}
