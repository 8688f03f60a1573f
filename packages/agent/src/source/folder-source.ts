import { isDeepStrictEqual } from "node:util";
import { type SourceFile, clusterFrom, readManifests } from "@podwall/engine";
import { type Clock, sleep } from "../clock.ts";
import { type ReadPathsContext, readPaths } from "../read-paths.ts";
import type { Snapshot, Source, SourceListener, SourceProgress } from "./source.ts";

export interface FolderSourceOptions {
  readonly paths: readonly string[];
  readonly context: ReadPathsContext;
  readonly clock: Clock;
}

/** Between two looks at the files. */
const lookEveryMs = 1_000;

/** Manifests in files and folders, looked at again and again. */
export class FolderSource implements Source {
  readonly #options: FolderSourceOptions;
  #files: readonly SourceFile[] | undefined;
  #snapshot: Snapshot | undefined;
  #objects = 0;
  #troubles: ReadonlySet<string> = new Set();

  constructor(options: FolderSourceOptions) {
    this.#options = options;
  }

  async follow(listener: SourceListener, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look(listener);
      await sleep(this.#options.clock, lookEveryMs, signal);
    }
  }

  snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  progress(): ReadonlyMap<string, SourceProgress> {
    return new Map([["manifests", { synced: this.#snapshot !== undefined, objects: this.#objects }]]);
  }

  async #look(listener: SourceListener): Promise<void> {
    const { paths, context } = this.#options;
    const { files, diagnostics: unread } = await readPaths(paths, context);
    if (isDeepStrictEqual(files, this.#files)) return;
    this.#files = files;
    const { objects, diagnostics } = readManifests(files);
    const errors = [...unread, ...diagnostics].filter(({ severity }) => severity === "error");
    this.#tell(new Set(errors.map(({ message }) => message)), listener);
    // A file that cannot be read at all may hold a policy: nothing is learnt from the rest.
    if (unread.length > 0) return;
    this.#objects = objects.length;
    this.#snapshot = { cluster: clusterFrom(objects), generations: new Map(), uids: new Map() };
    listener.onChange();
  }

  #tell(troubles: ReadonlySet<string>, listener: SourceListener): void {
    for (const message of troubles) {
      if (!this.#troubles.has(message)) listener.onTrouble({ about: "manifests", message });
    }
    if (this.#troubles.size > 0 && troubles.size === 0) listener.onTrouble({ about: "manifests", message: undefined });
    this.#troubles = troubles;
  }
}
