import { resolve } from "node:path";
import { readPaths } from "@podwall/agent";
import { type Diagnostic, type SourceFile, applyWhatIf, readManifests } from "@podwall/engine";
import { diagnosticText, printable } from "@podwall/report";
import { styleFor } from "./colour.ts";
import type { Context } from "./context.ts";
import type { ClusterFlags } from "./flags.ts";
import { isLive, loadLive, withWorkloads } from "./live/load-live.ts";

/** What was read, and from where. */
export type LoadedManifests = ReturnType<typeof readManifests> & { readonly files: readonly SourceFile[] };

export interface LoadOptions {
  /** Files that are no manifests, whatever folder they are in. */
  readonly except?: readonly SourceFile[];
  /** Files of changes that are made to what was read. */
  readonly whatIf?: readonly string[];
  /** Which cluster to read instead of files, where the command line names one. */
  readonly cluster?: ClusterFlags;
  /** Reads texts, where that is shared with another state; `readManifests` by default. */
  readonly read?: typeof readManifests;
}

/** Reads manifests for a command; undefined, with the exit code set and the reason said, when there is nothing to read. */
export async function loadManifests(
  context: Context,
  paths: readonly string[],
  { except = [], whatIf = [], cluster = {}, read = readManifests }: LoadOptions = {},
): Promise<LoadedManifests | undefined> {
  if (isLive(context, cluster, paths)) {
    const live = await loadCluster(context, paths, cluster, read);
    return live && withChanges(context, live, whatIf);
  }
  if (paths.length === 0) {
    context.process.stderr.write(
      "podwall: no input: name files or folders with -f PATH, or - for standard input, or a cluster with --context NAME\n",
    );
    context.exitCode = 2;
    return undefined;
  }
  const files = await loadFiles(context, paths);
  const others = new Set(except.map(({ name }) => resolve(context.cwd, name)));
  const manifests =
    files &&
    manifestsIn(
      context,
      files.filter(({ name }) => !others.has(resolve(context.cwd, name))),
      read,
    );
  return manifests && withChanges(context, manifests, whatIf);
}

/** The objects of a cluster, as `loadManifests`. */
async function loadCluster(
  context: Context,
  paths: readonly string[],
  flags: ClusterFlags,
  read: typeof readManifests,
): Promise<LoadedManifests | undefined> {
  if (paths.length > 0) {
    const help = "to ask what manifests would change in the cluster, name them with --what-if";
    context.process.stderr.write(`podwall: input is either manifests or a cluster, not both; ${help}\n`);
    context.exitCode = 2;
    return undefined;
  }
  const live = await loadLive(context, flags);
  const manifests = live && manifestsIn(context, live.files, read);
  if (live === undefined || manifests === undefined) return undefined;
  return {
    ...manifests,
    objects: withWorkloads(manifests.objects, live.workloads),
    diagnostics: [...manifests.diagnostics, ...live.diagnostics],
  };
}

/** Manifests after the changes of `--what-if`; undefined, with the reason said, when these cannot be made. */
export async function withChanges(
  context: Context,
  manifests: LoadedManifests,
  paths: readonly string[],
): Promise<LoadedManifests | undefined> {
  if (paths.length === 0) return manifests;
  const files = await loadFiles(context, paths);
  if (files === undefined) return undefined;
  const { objects, diagnostics, problems } = applyWhatIf(manifests.objects, files);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0 && problems.length === 0) return { ...manifests, objects };
  printDiagnostics(context, errors);
  for (const problem of problems) context.process.stderr.write(`podwall: ${printable(problem)}\n`);
  context.exitCode = 2;
  return undefined;
}

/** Reads the texts that paths name, as `loadManifests`. */
export async function loadFiles(
  context: Context,
  paths: readonly string[],
): Promise<readonly SourceFile[] | undefined> {
  const { files, diagnostics } = await readPaths(paths, context);
  if (diagnostics.length === 0) return files;
  printDiagnostics(context, diagnostics);
  context.exitCode = 2;
  return undefined;
}

/** The objects of texts, as `loadManifests`. */
export function manifestsIn(
  context: Context,
  files: readonly SourceFile[],
  reader: typeof readManifests,
): LoadedManifests | undefined {
  const read = reader(files);
  // Most often what was to write the manifests failed, and then this must not look as if all were well.
  const found = read.objects.length + read.ignored.size + read.others.length + read.diagnostics.length;
  if (found === 0) {
    context.process.stderr.write("podwall: there is no object in the input\n");
    context.exitCode = 2;
    return undefined;
  }
  return { files, ...read };
}

/** Prints what an answer cannot be right without: errors, and what of a cluster may not be read. */
export function printErrors(context: Context, diagnostics: readonly Diagnostic[]): void {
  printDiagnostics(
    context,
    diagnostics.filter(({ severity, code }) => severity === "error" || code === "PW1017"),
  );
}

/** Prints diagnostics to standard error. */
export function printDiagnostics(context: Context, diagnostics: readonly Diagnostic[]): void {
  const style = styleFor(context.process.stderr);
  for (const diagnostic of diagnostics) context.process.stderr.write(`${diagnosticText(diagnostic, style)}\n`);
}
