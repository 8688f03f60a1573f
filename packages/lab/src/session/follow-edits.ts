import { setTimeout as delay } from "node:timers/promises";
import type { ApiObject } from "@podwall/engine";
import type { Scene } from "../place/scene.ts";
import type { PredictedCell } from "../probe/probe-cells.ts";
import type { Interruption } from "./interruption.ts";
import type { LabContext } from "./lab-context.ts";
import { type ReadFiles, contentOf, load, read, readableOnce } from "./load.ts";
import type { Reporter } from "./reporter.ts";
import { type RunningLab, changedCells } from "./running-lab.ts";

interface Shown {
  readonly files: ReadFiles;
  readonly scene: Scene;
  readonly cells: readonly PredictedCell[];
}

interface Following {
  readonly running: RunningLab;
  readonly first: Shown;
  readonly paths: readonly string[];
  readonly stage: (objects: readonly ApiObject[]) => Scene;
  readonly publish: (scene: Scene) => Promise<void>;
  readonly context: LabContext;
  readonly reporter: Reporter;
  readonly interruption: Interruption;
}

/** How often the files are looked at. Reading them again is simple and sees every kind of edit on every file system. */
const lookMs = 400;

/** Follows edits to the files until interrupted. */
export async function followEdits(following: Following): Promise<void> {
  const { first, paths, context, reporter, interruption } = following;
  const once = await readableOnce(paths, context.cwd);
  if (once !== undefined) {
    reporter.say(`${once} cannot be read again, so edits are not followed; Ctrl-C ends the lab`);
    return interruption.happening;
  }
  reporter.say("following edits to the files; Ctrl-C ends the lab");
  let shown = first;
  let seen = contentOf(first.files);
  let settled = true;
  while (!interruption.happened) {
    await Promise.race([delay(lookMs), interruption.happening]);
    const now = await read(paths, context);
    const content = contentOf(now);
    // An editor may write in several steps, so wait until nothing changes any more.
    const still = content === seen;
    if (still && !settled) shown = await showEdit(following, shown, now);
    settled = still;
    seen = content;
  }
}

/** Shows what the files say now; what cannot be shown is said, and what was shown stays. */
async function showEdit(following: Following, before: Shown, files: ReadFiles): Promise<Shown> {
  const { running, stage, publish, reporter, interruption } = following;
  try {
    reporter.say("files changed");
    const { objects, diagnostics } = load(files);
    reporter.diagnostics([...files.diagnostics, ...diagnostics]);
    if (files.diagnostics.length > 0) {
      reporter.say("nothing is changed in the lab until the files can be read again");
      return before;
    }
    const scene = stage(objects);
    reporter.notes(scene.notes.filter((note) => !before.scene.notes.includes(note)));
    reporter.notes(
      await running.show(scene, (started, of) => reporter.progress.show(`starting pods: ${started} of ${of}`)),
    );
    await publish(scene);
    const cells = running.predict(scene);
    const changed = changedCells(before.cells, cells);
    const results = await running.probe(cells, reporter.counted("trying connections", cells.length));
    reporter.change(
      scene,
      results.filter((_, index) => changed.has(cells[index] as PredictedCell)),
      results,
    );
    return { files, scene, cells };
  } catch (error) {
    if (!interruption.happened) reporter.say(`the change could not be shown: ${(error as Error).message}`);
    return before;
  }
}
