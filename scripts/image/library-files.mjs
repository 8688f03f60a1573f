import { existsSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../lib/main.mjs";
import { file } from "./entries.mjs";
import { neededLibraries } from "./needed-libraries.mjs";

/** @typedef {import("./debian-packages.mjs").DebianPackage} DebianPackage */

/**
 * All libraries that these programs load, and the loader, out of unpacked Debian packages; with the packages that they
 * came from.
 * @param {readonly Buffer[]} programs
 * @param {readonly DebianPackage[]} packages
 * @param {import("./architecture.mjs").Architecture} architecture
 */
export function libraryFiles(programs, packages, { libraries, loader }) {
  /** @type {Map<string, import("./entries.mjs").FileEntry>} */
  const found = new Map();
  /** @type {Set<DebianPackage>} */
  const used = new Set();
  const waiting = [...new Set(programs.flatMap(neededLibraries))];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    const { content, from } = findLibrary(name, packages, libraries);
    found.set(name, file(`usr/lib/${libraries}/${name}`, content, 0o755));
    used.add(from);
    waiting.push(...neededLibraries(content));
  }
  const ld = findLibrary(/** @type {string} */ (loader.split("/").pop()), packages, libraries);
  used.add(ld.from);
  // Under /usr, as Debian's own folders are links to there.
  return { entries: [...found.values(), file(`usr/${loader}`, ld.content, 0o755)], used };
}

/**
 * @param {string} name
 * @param {readonly DebianPackage[]} packages
 * @param {string} libraries
 */
function findLibrary(name, packages, libraries) {
  for (const from of packages) {
    for (const folder of [`usr/lib/${libraries}`, `lib/${libraries}`]) {
      const content = readInside(from.folder, `${folder}/${name}`);
      if (content !== undefined) return { content, from };
    }
  }
  throw new Problem(`None of the Debian packages of scripts/image/inputs.mjs has the library ${name}.`);
}

/**
 * A file of an unpacked package, whose links lead to its own files.
 * @param {string} root
 * @param {string} path
 * @returns {Buffer | undefined}
 */
export function readInside(root, path) {
  const place = join(root, path);
  if (!existsSync(place) && !isLink(place)) return undefined;
  if (!isLink(place)) return readFileSync(place);
  const target = readlinkSync(place);
  return readInside(root, target.startsWith("/") ? target.slice(1) : join(path, "..", target));
}

/** @param {string} place */
export function isLink(place) {
  return lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
