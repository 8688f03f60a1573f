import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Bundles programs of this checkout into a new temporary folder, for tests that start them before anything is built. Gives the
 * folder, in which each is `NAME.mjs`; every user can read it, and who asked for it removes it.
 */
export async function bundlePrograms(entries: Readonly<Record<string, string>>): Promise<string> {
  const { build } = await import("esbuild");
  const outdir = await mkdtemp(join(tmpdir(), "podwall-test-"));
  await chmod(outdir, 0o755);
  await build({
    entryPoints: { ...entries },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
    logLevel: "warning",
  });
  return outdir;
}

/** The source of the program that runs in each namespace of a lab. */
export const podProgramSource = fileURLToPath(new URL("./pod/main.ts", import.meta.url));

/** Bundles the program that runs in each namespace of a lab, and gives its file. */
export async function bundlePodProgram(): Promise<string> {
  return join(await bundlePrograms({ pod: podProgramSource }), "pod.mjs");
}
