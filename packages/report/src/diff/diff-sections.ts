import { type DiffBlock, type DiffScope, isEmpty } from "@podwall/engine";

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

/** `12 pairs opened, 3 closed`. */
export function diffSummary(blocks: readonly DiffBlock[]): string {
  const count = (part: "opened" | "closed"): number =>
    blocks.reduce((sum, block) => sum + (isEmpty(block[part]) ? 0 : block.pairs), 0);
  const [opened, closed] = [count("opened"), count("closed")];
  if (blocks.length === 0) return "no connection opens or closes";
  return `connections open between ${pairs(opened)} of ends and close between ${pairs(closed)}`;
}

function pairs(count: number): string {
  return `${count} ${count === 1 ? "pair" : "pairs"}`;
}
