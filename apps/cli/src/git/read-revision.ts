import { normalize } from "node:path";
import type { SourceFile } from "@podwall/engine";
import { runGit } from "./run-git.ts";

/** The files of a revision, or why they cannot be read. */
export type ReadRevision = { readonly files: readonly SourceFile[] } | { readonly problem: string };

/**
 * Reads what paths name in a revision: as on disk, files of any name, and folders with every `.yaml`, `.yml` and
 * `.json` below them. Links are not followed.
 */
export async function readRevision(cwd: string, revision: string, paths: readonly string[]): Promise<ReadRevision> {
  const commit = await runGit(cwd, ["rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`]);
  if ("problem" in commit) return { problem: `git knows no revision "${revision}" here: ${commit.problem}` };
  const id = commit.output.toString("utf8").trim();
  const entries: Entry[] = [];
  for (const path of paths) {
    const listed = await runGit(cwd, ["ls-tree", "-r", "-z", id, "--", path]);
    if ("problem" in listed) return { problem: `${path} cannot be read from git: ${listed.problem}` };
    const found = entriesIn(listed.output.toString("utf8")).filter(({ name }) => isMeant(name, path));
    if (found.length === 0) return { problem: `${path} has no manifest in revision ${revision}` };
    entries.push(...found);
  }
  const unique = [...new Map(entries.map((entry) => [entry.name, entry])).values()];
  const blobs = await runGit(cwd, ["cat-file", "--batch"], unique.map(({ object }) => `${object}\n`).join(""));
  if ("problem" in blobs) return { problem: `files of ${revision} cannot be read from git: ${blobs.problem}` };
  const texts = textsIn(blobs.output);
  return { files: unique.map(({ name }, index) => ({ name: `${revision}:${name}`, text: texts[index] ?? "" })) };
}

interface Entry {
  readonly name: string;
  readonly object: string;
}

/** Of `mode type object<TAB>name<NUL>…`, the regular files. */
function entriesIn(listing: string): Entry[] {
  return [...listing.matchAll(/(100\d{3}) blob ([0-9a-f]+)\t([^\0]*)\0/g)].map(([, , object, name]) => ({
    object: object as string,
    name: name as string,
  }));
}

function isMeant(name: string, path: string): boolean {
  const named = normalize(path).replace(/\/$/, "");
  if (name === named) return true;
  const below = named === "." ? name : name.slice(named.length + 1);
  return /\.(ya?ml|json)$/i.test(name) && !below.split("/").some((part) => part.startsWith("."));
}

/** Of `object type size<LF>content<LF>…`, the contents. */
function textsIn(batch: Buffer): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < batch.length) {
    const end = batch.indexOf(10, at);
    const size = Number(batch.toString("utf8", at, end).split(" ")[2]);
    texts.push(batch.toString("utf8", end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}
