import { type ClusterDiff, type DiffBlock, type DiffScope, formatConnections, isEmpty } from "@podwall/engine";
import { counted } from "../counted.ts";

/** Blocks of one sort, under a heading. */
export interface DiffSection {
  readonly heading: string;
  /** Whether something opens, or may. */
  readonly opens: boolean;
  readonly blocks: readonly DiffBlock[];
}

const scopes: Readonly<Record<DiffScope, string>> = {
  "from-outside": "from outside",
  "to-outside": "to outside",
  "across-namespaces": "across namespaces",
  "within-namespace": "within a namespace",
};

/** Blocks by what a reviewer asks first; they come worst first. */
export function diffSections(blocks: readonly DiffBlock[]): readonly DiffSection[] {
  const sections = new Map<string, DiffSection & { blocks: DiffBlock[] }>();
  for (const block of blocks) {
    const { opens, word } = sortOf(block);
    const heading = `${word} ${scopes[block.scope]}`;
    const section = sections.get(heading);
    if (section === undefined) sections.set(heading, { heading, opens, blocks: [block] });
    else section.blocks.push(block);
  }
  return [...sections.values()];
}

function sortOf({ opened, closed, unknown }: DiffBlock): { readonly opens: boolean; readonly word: string } {
  if (!isEmpty(opened)) return { opens: true, word: "opened" };
  if (!isEmpty(closed)) return { opens: false, word: "closed" };
  const opens = unknown !== undefined && !isEmpty(unknown.opened);
  return { opens, word: opens ? "perhaps opened" : "perhaps closed" };
}

/** What of a block is not known, in words: `TCP 80 may open`. */
export function unknownTexts({ unknown }: DiffBlock): readonly string[] {
  if (unknown === undefined) return [];
  return [
    ...(isEmpty(unknown.opened) ? [] : [`${formatConnections(unknown.opened)} may open`]),
    ...(isEmpty(unknown.closed) ? [] : [`${formatConnections(unknown.closed)} may close`]),
  ];
}

/** `connections open between 12 pairs of ends and close between 3; between 2 it is not known`. */
export function diffSummary(diff: Pick<ClusterDiff, "blocks" | "only">): string {
  const { unknown } = changedPairs(diff.blocks);
  return `${knownSummary(diff)}${unknown === 0 ? "" : `; between ${counted(unknown, "pair of ends", "pairs of ends")} that is not known, or not all of it`}`;
}

function knownSummary({ blocks, only }: Pick<ClusterDiff, "blocks" | "only">): string {
  const { opened, closed } = changedPairs(blocks);
  const all = { opened: "opens", closed: "closes", both: "opens or closes" };
  if (opened + closed === 0) return `no connection ${all[only ?? "both"]}`;
  const parts = [
    ...(opened > 0 ? [`open between ${counted(opened, "pair of ends", "pairs of ends")}`] : []),
    ...(closed > 0 ? [`close between ${counted(closed, "pair of ends", "pairs of ends")}`] : []),
  ];
  return `connections ${parts.join(" and ")}`;
}

/** Between how many pairs of ends something opens, and closes, and of how many that is not known. */
export function changedPairs(blocks: readonly DiffBlock[]): Readonly<Record<"opened" | "closed" | "unknown", number>> {
  const count = (holds: (block: DiffBlock) => boolean): number =>
    blocks.reduce((sum, block) => sum + (holds(block) ? block.pairs : 0), 0);
  return {
    opened: count(({ opened }) => !isEmpty(opened)),
    closed: count(({ closed }) => !isEmpty(closed)),
    unknown: count((block) => unknownTexts(block).length > 0),
  };
}
