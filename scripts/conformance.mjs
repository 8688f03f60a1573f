// npm run conformance: upstream's own suites against the agent, from its image and chart, on a real cluster. `--help` says how.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { clusterTools, missing } from "./conformance/missing.mjs";
import { kernelHasSctp } from "./conformance/kernel-has-sctp.mjs";
import { newResultsFolder } from "./conformance/new-results-folder.mjs";
import { optionsOf, usage } from "./conformance/options.mjs";
import { buildPrograms, kubernetesVersion } from "./conformance/programs.mjs";
import { removeCgroup } from "./conformance/remove-cgroup.mjs";
import { runInside } from "./conformance/run-inside.mjs";
import { writeClusterImages } from "./conformance/cluster-images.mjs";
import { versions } from "./conformance/versions.mjs";
import { buildImage, podwallVersion } from "./image/build-image.mjs";
import { buildWhenStale, bundle } from "./lib/bundle.mjs";
import { endWithNpm } from "./lib/end-with-npm.mjs";
import { moduleSource } from "./lib/go-program.mjs";
import { Problem, main, say } from "./lib/main.mjs";
import { fromRoot, root } from "./lib/root.mjs";
import { setup } from "./lib/setup.mjs";
import { installSystemTools } from "./lib/system-tools.mjs";

const bundles = "node_modules/.cache/conformance";

await main(async (args) => {
  const options = optionsOf(args);
  if (options === undefined) {
    console.log(usage);
    return;
  }
  await setup();
  if (process.getuid?.() === 0) await installSystemTools(clusterTools);
  const lacking = missing();
  if (lacking !== undefined) throw new Problem(lacking, 3);
  const programs = await buildPrograms();
  await Promise.all([buildWhenStale(), bundle("main", "conformance/src/main.ts", bundles)]);
  process.exitCode = await runCluster(options, programs);
});

/**
 * @param {NonNullable<ReturnType<typeof optionsOf>>} options
 * @param {Readonly<Record<string, string>>} programs
 */
async function runCluster({ settings, results }, programs) {
  newResultsFolder(results);
  const work = mkdtempSync(join(tmpdir(), "podwall-conformance-"));
  const cgroup = basename(work);
  const stop = new AbortController();
  endWithNpm();
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => stop.abort());
  try {
    const agentImage = `podwall.dev/podwall:${podwallVersion()}`;
    const image = await buildImage(agentImage);
    const imageFile = join(work, "podwall-image.tar");
    writeFileSync(imageFile, image.archive);
    const images = [imageFile, ...(await writeClusterImages(programs, work))];
    const policyApi = await moduleSource("conformance/network-policy-api", "sigs.k8s.io/network-policy-api");
    const config = join(work, "run.json");
    writeFileSync(
      config,
      JSON.stringify({
        settings,
        root,
        work,
        results,
        programs,
        images,
        agentImage,
        policyApi,
        cgroup,
        hasSctp: kernelHasSctp(),
        versions: await versions(image.digest),
      }),
    );
    say(`Kubernetes ${kubernetesVersion}, ${settings.nodes} nodes, image ${image.digest}; logs are in ${results}`);
    if (stop.signal.aborted) return 130;
    const inside = {
      main: fromRoot(bundles, "main.mjs"),
      config,
      work,
      pidFile: join(results, "pid"),
      signal: stop.signal,
    };
    return await runInside(inside);
  } finally {
    const left = await removeCgroup(cgroup);
    rmSync(work, { recursive: true, force: true });
    if (left.length > 0) say(`These cgroups could not be removed: ${left.join(" ")}`);
  }
}
