import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorText } from "../error-text.ts";

/** Which link each pod has, for the next agent: it cannot tell a pod from a later one with its address otherwise. */
export interface LinkMemory {
  /** Undefined where no agent kept anything since the boot. */
  recall(): Promise<ReadonlyMap<string, string> | undefined>;
  /** Whoever has nothing new gives the same map: it is not looked at again. */
  keep(links: ReadonlyMap<string, string>): void;
}

/**
 * Keeps it in a folder that must not outlive a boot, as links do not: below `/run`, which is memory. So it is written at once: a
 * pod waits for that, and handing it to a thread takes ten times as long.
 */
export function linkMemoryIn(folder: string, node: string, onTrouble: (why: string) => void): LinkMemory {
  const file = join(folder, `links-${encodeURIComponent(node)}.json`);
  let kept: { readonly text: string; readonly links?: ReadonlyMap<string, string> } = { text: "" };
  let inTrouble = false;
  const write = (text: string): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Moved into place, so that it is never half written.
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    async recall() {
      try {
        return linksOf(JSON.parse(await readFile(file, "utf8")));
      } catch {
        return undefined;
      }
    },
    keep(links) {
      if (links === kept.links) return;
      const text = JSON.stringify([...links]);
      try {
        if (text !== kept.text) write(text);
        kept = { text, links };
      } catch (error) {
        if (!inTrouble) onTrouble(errorText(error));
        inTrouble = true;
      }
    },
  };
}

function linksOf(value: unknown): ReadonlyMap<string, string> | undefined {
  if (!Array.isArray(value)) return undefined;
  const pairs: readonly unknown[] = value;
  return new Map(pairs.filter(isPair).map(([one, two]) => [String(one), String(two)]));
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}
