// npm run manifests: writes the plain manifests of deploy/ from the Helm chart.
import { writeFileSync } from "node:fs";
import { main, say } from "./lib/main.mjs";
import { fromRoot } from "./lib/root.mjs";
import { setup } from "./lib/setup.mjs";
import { manifestsFile, renderManifests } from "./manifests/render-manifests.mjs";

await main(async () => {
  await setup();
  writeFileSync(fromRoot(manifestsFile), await renderManifests());
  say(`Wrote ${manifestsFile}.`);
});
