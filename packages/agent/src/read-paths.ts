import { open, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Diagnostic, type SourceFile, diagnostic } from "@podwall/engine";
import { errorText } from "./error-text.ts";
import { openPipe } from "./open-pipe.ts";
import { UnreadableText, largestTextBytes, readText, tooLarge } from "./read-text.ts";
import { isSettings, settingsFile } from "./settings-file.ts";

/** What `readPaths` needs of the program it runs in. */
export interface ReadPathsContext {
  /** Where relative paths start. */
  readonly cwd: string;
  /** All of standard input. */
  readonly readStdin: () => Promise<string>;
}

export interface ReadPaths {
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the texts that paths name: files of any name, folders with every `.yaml`, `.yml` and `.json` below them in
 * the order of their names, and `-` for standard input. A chart's templates are no manifests. What cannot be read is a diagnostic; the rest is read.
 * A file is read once, however many paths and links lead to it.
 */
export async function readPaths(paths: readonly string[], { cwd, readStdin }: ReadPathsContext): Promise<ReadPaths> {
  const reading: Reading = { cwd, files: [], diagnostics: [], seen: new Set() };
  for (const path of paths) {
    if (path !== "-") await readNamed(path, reading);
    else if (isNew(path, reading)) await readInput(readStdin, reading);
  }
  return { files: reading.files, diagnostics: reading.diagnostics };
}

interface Reading {
  readonly cwd: string;
  readonly files: SourceFile[];
  readonly diagnostics: Diagnostic[];
  /** What was read, so that links that lead back come to an end. */
  readonly seen: Set<string>;
}

type Found = "file" | "folder without manifests" | "folder" | "nothing new";

async function readInput(readStdin: () => Promise<string>, { files, diagnostics }: Reading): Promise<void> {
  const name = "<stdin>";
  try {
    files.push({ name, text: await readStdin() });
  } catch (error) {
    diagnostics.push(unreadable(name, error));
  }
}

/** Reads a path that a person named, which must hold something. */
async function readNamed(path: string, reading: Reading): Promise<void> {
  if ((await readPath(path, reading)) !== "folder without manifests") return;
  const help = "name a folder that holds manifests, or the file itself";
  const message = `${path}: no .yaml, .yml or .json file is in this folder`;
  reading.diagnostics.push(diagnostic("PW1016", message, { help }));
}

async function readPath(path: string, reading: Reading): Promise<Found> {
  try {
    const place = resolve(reading.cwd, path);
    const stats = await stat(place, { bigint: true });
    if (!isNew(`${stats.dev}:${stats.ino}`, reading)) return "nothing new";
    if (stats.isDirectory()) return await readFolder(path, reading);
    if (stats.isFile() && stats.size > largestTextBytes) throw tooLarge();
    const handle = await (stats.isFIFO() ? openPipe(place) : open(place, "r"));
    reading.files.push({ name: path, text: await readText(handle.createReadStream()) });
    return "file";
  } catch (error) {
    reading.diagnostics.push(unreadable(path, error));
    return "nothing new";
  }
}

async function readFolder(path: string, reading: Reading): Promise<Found> {
  let found: Found = "folder without manifests";
  const names = (await readdir(resolve(reading.cwd, path))).filter((name) => !name.startsWith("."));
  if (names.includes("Chart.yaml")) {
    const help =
      "name the chart itself for it to be rendered, or pipe what `helm template` makes of it; name what is beside it by its own path";
    reading.diagnostics.push(
      diagnostic("PW1016", `${path} is a Helm chart, whose templates are no manifests`, { help }),
    );
    return "folder";
  }
  for (const name of names.sort()) {
    const inside = join(path, name);
    const kind = await kindOf(resolve(reading.cwd, inside));
    // A device or pipe is read only when a person names it: opening one may never end.
    if (kind !== "folder" && (kind === "special" || !/\.(ya?ml|json)$/i.test(name))) continue;
    const read = await readPath(inside, reading);
    if (read === "file" && name === settingsFile && isSettings(reading.files.at(-1)?.text ?? "")) reading.files.pop();
    else if (read !== "folder without manifests") found = "folder";
  }
  return found;
}

async function kindOf(place: string): Promise<"file" | "folder" | "special" | "unreadable"> {
  try {
    const stats = await stat(place);
    return stats.isDirectory() ? "folder" : stats.isFile() ? "file" : "special";
  } catch {
    return "unreadable";
  }
}

function isNew(identity: string, { seen }: Reading): boolean {
  if (seen.has(identity)) return false;
  seen.add(identity);
  return true;
}

function unreadable(path: string, error: unknown): Diagnostic {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = reasons.get(code) ?? errorText(error);
  const spelling = code === "ENOENT" ? "check the spelling; paths start from the current folder" : undefined;
  const help = error instanceof UnreadableText ? error.help : spelling;
  return diagnostic("PW1016", `${path}: ${reason}`, { help });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file or folder"],
  ["EACCES", "not allowed to read this"],
  ["EPERM", "not allowed to read this"],
  ["ELOOP", "links that lead in a circle"],
  ["ENOTDIR", "a part of this path is not a folder"],
  ["ENXIO", "a socket, not a file"],
  ["ENAMETOOLONG", "the path is too long"],
  ["EIO", "the device or disk cannot be read"],
]);
