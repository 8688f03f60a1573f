#!/usr/bin/env node
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bundle = new URL("../dist/podwall.mjs", import.meta.url);
if (existsSync(fileURLToPath(bundle))) {
  await import(bundle.href);
} else {
  process.stderr.write(
    "podwall is not built yet: run `npm run build` in the checkout (or `npm start`, which sets everything up)\n",
  );
  process.exitCode = 3;
}
