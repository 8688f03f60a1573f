import { type ClusterDiff, type DiffBlock, type DiffScope, isEmpty } from "@podwall/engine";
import { counted } from "../counted.ts";

/** Blocks of one sort, under a heading. */
export interface DiffSection {
  readonly heading: string;
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
    const opens = !isEmpty(block.opened);
    const heading = `${opens ? "opened" : "closed"} ${scopes[block.scope]}`;
    const section = sections.get(heading);
    if (section === undefined) sections.set(heading, { heading, opens, blocks: [block] });
    else section.blocks.push(block);
  }
  return [...sections.values()];
}

/** `connections open between 12 pairs of ends and close between 3`. */
export function diffSummary({ blocks, only }: Pick<ClusterDiff, "blocks" | "only">): string {
  const { opened, closed } = changedPairs(blocks);
  const all = { opened: "opens", closed: "closes", both: "opens or closes" };
  if (opened + closed === 0) return `no connection ${all[only ?? "both"]}`;
  const parts = [
    ...(opened > 0 ? [`open between ${counted(opened, "pair of ends", "pairs of ends")}`] : []),
    ...(closed > 0 ? [`close between ${counted(closed, "pair of ends", "pairs of ends")}`] : []),
  ];
  return `connections ${parts.join(" and ")}`;
}

/** Between how many pairs of ends something opens, and between how many something closes. */
export function changedPairs(blocks: readonly DiffBlock[]): Readonly<Record<"opened" | "closed", number>> {
  const count = (part: "opened" | "closed"): number =>
    blocks.reduce((sum, block) => sum + (isEmpty(block[part]) ? 0 : block.pairs), 0);
  return { opened: count("opened"), closed: count("closed") };
}
