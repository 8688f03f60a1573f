import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Bundles a program of this checkout into a new temporary folder, for tests that start it before anything is built. Gives
 * the file's path. The folder is readable by every user.
 */
export async function bundleProgram(entry: string, name: string): Promise<string> {
  const { build } = await import("esbuild");
  const folder = await mkdtemp(join(tmpdir(), "podwall-test-"));
  await chmod(folder, 0o755);
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
    logLevel: "warning",
  });
  return outfile;
}

/** Bundles the program that runs in each namespace of a lab. */
export function bundlePodProgram(): Promise<string> {
  return bundleProgram(fileURLToPath(new URL("./pod/main.ts", import.meta.url)), "pod");
}
