// npm run image: builds the agent's OCI image into dist/, without a registry or a container daemon. The same inputs give
// the same digest. `npm run image -- --output FILE --reference NAME:TAG`
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildWhenStale } from "./lib/bundle.mjs";
import { Problem, main, say } from "./lib/main.mjs";
import { fromRoot } from "./lib/root.mjs";
import { setup } from "./lib/setup.mjs";
import { buildImage, podwallVersion } from "./image/build-image.mjs";

await main(async (args) => {
  const { output, reference } = optionsOf(args);
  await setup();
  await buildWhenStale();
  const image = await buildImage(reference);
  const billFile = `${output.replace(/\.tar$/, "")}.spdx.json`;
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, image.archive);
  writeFileSync(billFile, image.billOfMaterials);
  for (const { title, files, bytes, compressedBytes } of image.layers)
    say(`${megabytes(bytes)}, ${megabytes(compressedBytes)} compressed, ${String(files).padStart(3)} files: ${title}`);
  say(`Made of ${image.parts.join(", ")}.`);
  say(`Wrote ${output} and ${billFile}. Import it with: ctr -n k8s.io images import ${output}`);
  console.log(`${reference}@${image.digest}`);
});

/** @param {string[]} args */
function optionsOf(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        output: { type: "string", default: "dist/podwall-image.tar" },
        reference: { type: "string", default: `podwall.dev/podwall:${podwallVersion()}` },
      },
    });
    const { output, reference } = values;
    if (!/^[a-z0-9][a-z0-9./_-]*(:[0-9]+\/[a-z0-9./_-]+)?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(reference))
      throw new TypeError(`--reference ${reference}: write a name and a tag, such as registry.example/podwall:1.0`);
    return { output: resolve(fromRoot(), output), reference };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Problem(error.message, 2, { cause: error });
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1).padStart(6)} MB`;
}
