import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../lib/main.mjs";
import { runNpm } from "../lib/packages.mjs";
import { cacheFolder } from "./cache.mjs";
import { node } from "./inputs.mjs";
import { outputOf } from "./output-of.mjs";

/**
 * Downloads Node as npm carries it, in the version and with the integrity that inputs.mjs names, and unpacks it in the
 * cache. Gives the unpacked package's folder.
 * @param {import("./architecture.mjs").Architecture} architecture
 */
export async function nodePackage({ npm }) {
  const name = `node-linux-${npm}`;
  const store = cacheFolder("node");
  const archive = join(store, `${name}-${node.version}.tgz`);
  if (!existsSync(archive)) await download(name, store, archive);
  const integrity = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (integrity !== node.integrity[npm]) {
    rmSync(archive);
    throw new Problem(
      `npm's ${name} ${node.version} has integrity ${integrity}, and not the one in scripts/image/inputs.mjs`,
    );
  }
  const folder = join(store, `${name}-${node.version}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    await outputOf("tar", ["-xzf", archive, "-C", unfinished, "--strip-components=1"]);
    try {
      renameSync(unfinished, folder);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return folder;
}

/**
 * @param {string} name
 * @param {string} store
 * @param {string} archive
 */
async function download(name, store, archive) {
  const coming = join(store, `coming-${process.pid}`);
  mkdirSync(coming, { recursive: true });
  try {
    const args = ["pack", "--silent", "--pack-destination", coming, `${name}@${node.version}`];
    const { code, output } = await runNpm(args, { output: "keep" });
    if (code !== 0) throw new Problem(`npm could not fetch ${name} ${node.version}:\n${output.trimEnd()}`);
    renameSync(join(coming, `${name}-${node.version}.tgz`), archive);
  } finally {
    rmSync(coming, { recursive: true, force: true });
  }
}
