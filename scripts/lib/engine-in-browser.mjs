// Bundles the engine as for a web page, which fails when anything in it imports a module of Node's.
import { build } from "esbuild";
import { fromRoot } from "./root.mjs";

const { metafile } = await build({
  absWorkingDir: fromRoot(),
  entryPoints: ["packages/engine/src/index.ts"],
  bundle: true,
  format: "esm",
  platform: "browser",
  write: false,
  metafile: true,
  logLevel: "error",
});
const count = Object.keys(metafile.inputs).length;
if (count < 10) throw new Error(`only ${count} modules were bundled`);
