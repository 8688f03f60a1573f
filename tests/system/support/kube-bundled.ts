import { join } from "node:path";
import { build } from "esbuild";

/** A program for Node from a module's text, which may import the checkout's files by paths from its root. */
export async function bundled(contents: string): Promise<string> {
  const root = join(import.meta.dirname, "../../..");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    define: { "import.meta.dirname": JSON.stringify(import.meta.dirname) },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
