import { isDeepStrictEqual } from "node:util";
import { clusterFrom, clusterState, readManifests } from "@podwall/engine";
import { type Clock, sleep } from "@podwall/kube";
import { type ReadPaths, type ReadPathsContext, readPaths } from "../read-paths.ts";
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
  /** What the last look found, readable or not. */
  #read: ReadPaths | undefined;
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
    const read = await readPaths(paths, context);
    if (isDeepStrictEqual(read, this.#read)) return;
    this.#read = read;
    const { objects, diagnostics, lost, leftOut } = readManifests(read.files);
    const errors = [...read.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error");
    const messages = new Set(errors.map(({ message }) => message));
    // What cannot be read at all may hold a policy, or labels that a denial is about: nothing is learnt from the rest.
    const isPart = read.diagnostics.length > 0 || lost.length > 0 || leftOut.has("Namespace") || leftOut.has("Node");
    if (isPart) messages.add("a part of the manifests cannot be read: what was known before stays as it was");
    this.#tell(messages, listener);
    if (isPart) return;
    this.#objects = objects.length;
    this.#snapshot = { cluster: clusterState(clusterFrom(objects)), policyMarks: new Map(), podUids: new Map() };
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
