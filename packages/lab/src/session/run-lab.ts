import { fileURLToPath } from "node:url";
import { LastGood } from "@podwall/agent";
import { NftError } from "@podwall/dataplane";
import { type ApiObject, podKey } from "@podwall/engine";
import { type Scene, SceneSetter } from "../place/scene.ts";
import { isMismatch } from "../probe/result.ts";
import { WorldUnavailable } from "../world/world.ts";
import { followEdits } from "./follow-edits.ts";
import { Interruption } from "./interruption.ts";
import type { LabContext, RunLabOptions } from "./lab-context.ts";
import { type Loaded, type ReadFiles, load, read } from "./load.ts";
import { installText, missingTools } from "../world/tools.ts";
import { Reporter } from "./reporter.ts";
import { RunningLab, predictAll } from "./running-lab.ts";
import { processStart, removeState, stateFolder, writeState } from "./state-file.ts";

const cannot = 3;
const badInput = 2;
const interrupted = 130;

/**
 * Runs manifests as a lab: tries every connection, says what was predicted and what happened, and follows edits until
 * interrupted. Gives 0 when all is as predicted, 1 when not, 2 for bad input, 3 where this machine cannot.
 */
export async function runLab(options: RunLabOptions, context: LabContext): Promise<number> {
  const reporter = new Reporter(context, options.format);
  if (options.paths.length === 0) {
    reporter.say("podwall lab: no input: name files or folders with -f PATH, or - for standard input");
    return badInput;
  }
  const files = await read(options.paths, context);
  reporter.diagnostics(files.diagnostics);
  if (files.diagnostics.length > 0) return badInput;
  const loaded = load(files);
  reporter.diagnostics(loaded.diagnostics);
  const setter = new SceneSetter(loaded.objects, {
    nodes: options.nodes,
    replicas: options.replicas,
    families: options.ipFamily === "dual" ? [4, 6] : [options.ipFamily === "4" ? 4 : 6],
  });
  const lastGood = new LastGood();
  const stage = (objects: readonly ApiObject[]): Scene => {
    const scene = setter.set(objects);
    const { policies, fallbacks } = lastGood.admit(scene.cluster.policies);
    const notes = fallbacks.map(({ policy, because, enforced }) => {
      const instead = enforced === "closed" ? "its subjects are closed" : "its last good version stays in force";
      return `NetworkPolicy ${podKey(policy)} cannot be used (${because}); ${instead}`;
    });
    return { ...scene, cluster: { ...scene.cluster, policies }, notes: [...scene.notes, ...notes] };
  };
  const scene = stage(loaded.objects);
  if (scene.cluster.pods.every(({ workload, namespace }) => workload === undefined && namespace === "kube-system")) {
    reporter.say("podwall lab: there are no pods or workloads that can be run in these manifests");
    return badInput;
  }
  reporter.notes(scene.notes);
  const missing = missingTools();
  if (missing.length > 0)
    return predictOnly(
      scene,
      reporter,
      `these programs are not installed: ${missing.join(", ")}`,
      installText(missing),
    );
  const interruption = new Interruption(context.readerGone);
  try {
    return await runOn({ scene, files, loaded, stage, setter, options, context, reporter, interruption });
  } catch (error) {
    if (interruption.happened) return options.once ? interrupted : 0;
    const unavailable =
      error instanceof WorldUnavailable ||
      (error instanceof NftError && (error.kind === "unavailable" || error.kind === "permission"));
    if (!unavailable) throw error;
    return predictOnly(scene, reporter, error.message, privilegesHelp);
  } finally {
    if (interruption.bySignal) reporter.interrupted();
    interruption.forget();
  }
}

interface Run {
  readonly scene: Scene;
  readonly files: ReadFiles;
  readonly loaded: Loaded;
  readonly stage: (objects: readonly ApiObject[]) => Scene;
  readonly setter: SceneSetter;
  readonly options: RunLabOptions;
  readonly context: LabContext;
  readonly reporter: Reporter;
  readonly interruption: Interruption;
}

async function runOn({
  scene,
  files,
  loaded,
  stage,
  setter,
  options,
  context,
  reporter,
  interruption,
}: Run): Promise<number> {
  const podProgram = context.podProgram ?? fileURLToPath(new URL("./pod.mjs", import.meta.url));
  const running = await RunningLab.open({ podProgram, nodes: setter.placement.nodes, denyWith: options.deny });
  const folder = await stateFolder(process.env).catch(() => undefined);
  // First out of the list of labs, so that nobody tries to get into one that ends.
  const close = async (): Promise<void> => {
    if (folder !== undefined) await removeState(folder, process.pid);
    await running.close();
  };
  void interruption.happening.then(close);
  const publish = async (shown: Scene): Promise<void> => {
    const { entrance } = running.lab.world;
    const holderStart = await processStart(entrance.holder);
    if (folder === undefined || holderStart === undefined) return;
    const places = running.places(shown.cluster);
    await writeState(folder, { pid: process.pid, startedAt: Date.now(), entrance, holderStart, places });
  };
  try {
    const troubles = await running.show(scene, (started, of) =>
      reporter.progress.show(`starting pods: ${started} of ${of}`),
    );
    await publish(scene);
    reporter.notes(troubles);
    const cells = running.predict(scene);
    const results = await running.probe(cells, reporter.counted("trying connections", cells.length));
    reporter.round(scene, results, [...scene.notes, ...troubles]);
    if (!options.once) {
      await followEdits({
        running,
        first: { files, scene, cells },
        paths: options.paths,
        stage,
        publish,
        context,
        reporter,
        interruption,
      });
      return 0;
    }
    if (results.some(isMismatch)) return 1;
    return loaded.diagnostics.some(({ severity }) => severity === "error") ? badInput : 0;
  } finally {
    await close();
  }
}

const privilegesHelp =
  "run it as root, or where ordinary users may make namespaces (few containers allow it); check, explain and map need neither";

function predictOnly(scene: Scene, reporter: Reporter, because: string, help: string): number {
  reporter.say(`podwall lab: this machine cannot run a lab: ${because}`);
  reporter.say(`  help: ${help}`);
  reporter.prediction(scene, predictAll(scene), scene.notes);
  return cannot;
}
