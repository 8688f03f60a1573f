// Bundles the engine as for a web page, which fails when anything in it imports a module of Node's.
import { build } from "esbuild";
import { Problem, main } from "./main.mjs";
import { fromRoot } from "./root.mjs";

await main(async () => {
  const { metafile } = await build({
    absWorkingDir: fromRoot(),
    entryPoints: ["packages/engine/src/index.ts"],
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    metafile: true,
    logLevel: "error",
  }).catch((error) => {
    throw new Problem("The engine does not bundle for a browser.", 1, { cause: error });
  });
  const count = Object.keys(metafile.inputs).length;
  if (count < 10) throw new Problem(`Only ${count} of the engine's modules were bundled.`);
});
