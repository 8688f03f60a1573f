import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../lib/main.mjs";
import { cacheFolder } from "./cache.mjs";
import { outputOf } from "./output-of.mjs";

/**
 * A package as it was published, and where its files are unpacked. `control` is what dpkg would say of it.
 * @typedef {{ name: string, version: string, sha256: string, control: string, folder: string }} DebianPackage
 */

/**
 * Downloads these packages and all that they depend on by apt, in the versions that this machine's sources have now, and
 * unpacks them in the cache. Nothing is installed. Sorted by name.
 * @param {readonly string[]} names
 * @returns {Promise<DebianPackage[]>}
 */
export async function debianPackagesOf(names) {
  const all = await withLists(() => dependencies(names));
  const wanted = await withLists(() => downloads(all));
  const store = cacheFolder("debian");
  const missing = wanted.filter(({ file }) => !existsSync(join(store, file)));
  if (missing.length > 0) await download(missing, store);
  const packages = [];
  for (const { file, sha256 } of wanted) packages.push(await unpack(join(store, file), sha256));
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<string[]>}
 */
async function dependencies(names) {
  const leftOut = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances", "pre-depends"];
  const text = await outputOf("apt-cache", [
    "depends",
    "--recurse",
    ...leftOut.map((kind) => `--no-${kind}`),
    ...names,
  ]);
  const found = text
    .toString("utf8")
    .split("\n")
    .filter((line) => /^[a-z0-9][a-z0-9.+-]*$/.test(line));
  const absent = names.filter((name) => !found.includes(name));
  if (absent.length > 0) throw new Problem(`apt knows no package ${absent.join(", ")}: run apt-get update`);
  return found;
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<{ name: string, file: string, sha256: string }[]>}
 */
async function downloads(names) {
  const text = await outputOf("apt-get", ["download", "--print-uris", ...names]);
  const lines = text.toString("utf8").trim().split("\n");
  return lines.map((line) => {
    const [, file, sha256] = /^'[^']*' (\S+) \d+ SHA256:([0-9a-f]{64})$/.exec(line) ?? [];
    if (file === undefined || sha256 === undefined) throw new Problem(`apt-get told no SHA256 of a package: ${line}`);
    return { name: /** @type {string} */ (file.split("_")[0]), file, sha256 };
  });
}

/**
 * Package lists may be absent or name versions that are gone: tried once more with new ones.
 * @template Result
 * @param {() => Promise<Result>} ask
 */
async function withLists(ask) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Problem) || error.exitCode === 3 || process.getuid?.() !== 0) throw error;
    await outputOf("apt-get", ["update", "-q"]);
    return ask();
  }
}

/**
 * @param {readonly { name: string, file: string, sha256: string }[]} missing
 * @param {string} store
 */
async function download(missing, store) {
  const coming = join(store, `coming-${process.pid}`);
  mkdirSync(coming, { recursive: true });
  try {
    // Apt's own user for downloads cannot write there; what arrives is checked below in any case.
    const names = missing.map(({ name }) => name);
    await withLists(() =>
      outputOf("apt-get", ["download", "-q", "-o", "APT::Sandbox::User=root", ...names], { cwd: coming }),
    );
    for (const { file, sha256 } of missing) {
      const path = join(coming, file);
      if (!existsSync(path)) throw new Problem(`apt-get downloaded no ${file}: run apt-get update`);
      if (sha256Of(path) !== sha256) throw new Problem(`${file} is not what apt's lists say it is`);
      renameSync(path, join(store, file));
    }
  } finally {
    rmSync(coming, { recursive: true, force: true });
  }
}

/**
 * @param {string} archive
 * @param {string} sha256
 * @returns {Promise<DebianPackage>}
 */
async function unpack(archive, sha256) {
  if (sha256Of(archive) !== sha256) {
    rmSync(archive);
    throw new Problem(`${archive} was damaged and is removed: run this again`);
  }
  const folder = join(cacheFolder("unpacked"), sha256);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    await outputOf("dpkg-deb", ["--extract", archive, unfinished]);
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      // Another build was first.
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  const control = (await outputOf("dpkg-deb", ["--field", archive])).toString("utf8");
  const [, name] = /^Package: (.+)$/m.exec(control) ?? [];
  const [, version] = /^Version: (.+)$/m.exec(control) ?? [];
  if (name === undefined || version === undefined)
    throw new Problem(`${archive} says neither its name nor its version`);
  return { name, version, sha256, control, folder };
}

/** @param {string} path */
function sha256Of(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
