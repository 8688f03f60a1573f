import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem, say } from "./main.mjs";
import { fromRoot } from "./root.mjs";

const dist = "apps/cli/dist";
const stamp = `${dist}/sources.sha256`;

/** Each program and the file it starts from: the command line, and what runs inside a lab pod. */
const programs = {
  podwall: "apps/cli/src/main.ts",
  pod: "packages/lab/src/pod/main.ts",
};

/** Builds the programs when their sources have changed since the last time. */
export async function buildWhenStale() {
  if (!isCurrent(hashOfSources())) await build();
}

/** Builds the programs into apps/cli/dist. */
export async function build() {
  const hash = hashOfSources();
  const startedAt = Date.now();
  mkdirSync(fromRoot(dist), { recursive: true });
  await Promise.all(Object.entries(programs).map(([name, entry]) => bundle(name, entry, dist)));
  writeFileSync(fromRoot(stamp), hash);
  say(`Built ${dist} in ${Date.now() - startedAt} ms.`);
}

/**
 * Bundles a program for Node: `entry` and all it imports into `outdir`/`name`.mjs.
 * @param {string} name
 * @param {string} entry
 * @param {string} outdir
 */
export async function bundle(name, entry, outdir) {
  const esbuild = await import("esbuild");
  try {
    await esbuild.build({
      absWorkingDir: fromRoot(),
      entryPoints: { [name]: entry },
      outdir,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "linked",
      // CommonJS dependencies call require for Node's modules, which an ES module does not have.
      banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
      logLevel: "warning",
    });
  } catch (error) {
    throw new Problem(`${entry} could not be built; what is wrong is above.`, 1, { cause: error });
  }
}

/** @param {string} hash */
function isCurrent(hash) {
  const built = Object.keys(programs).every((name) => existsSync(fromRoot(dist, `${name}.mjs`)));
  return built && existsSync(fromRoot(stamp)) && readFileSync(fromRoot(stamp), "utf8") === hash;
}

/** One hash over everything that goes into the programs. Contents, because a checkout's times say little. */
function hashOfSources() {
  const hash = createHash("sha256");
  for (const path of ["package-lock.json", "scripts/lib/bundle.mjs", ...sources()]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(fromRoot(path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function sources() {
  const workspaces = ["packages", "apps"].flatMap((folder) =>
    readdirSync(fromRoot(folder)).map((name) => join(folder, name)),
  );
  return workspaces.flatMap((workspace) => [join(workspace, "package.json"), ...filesUnder(join(workspace, "src"))]);
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesUnder(folder) {
  const entries = readdirSync(fromRoot(folder), { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesUnder(path);
      return entry.name.endsWith(".test.ts") ? [] : [path];
    });
}
