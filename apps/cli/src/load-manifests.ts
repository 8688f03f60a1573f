import { resolve } from "node:path";
import { readPaths } from "@podwall/agent";
import { type Diagnostic, type SourceFile, applyWhatIf, readManifests } from "@podwall/engine";
import { diagnosticText, printable } from "@podwall/report";
import { styleFor } from "./colour.ts";
import type { Context } from "./context.ts";
import type { SourceFlags } from "./flags.ts";
import { isLive, loadLive, withWorkloads } from "./live/load-live.ts";
import { withoutReplaced } from "./live/without-replaced.ts";
import { render } from "./render/render.ts";
import { renderableAt } from "./render/renderable.ts";

/** What was read, and from where. */
export type LoadedManifests = ReturnType<typeof readManifests> & { readonly files: readonly SourceFile[] };

export interface LoadOptions {
  /** Files that are no manifests, whatever folder they are in. */
  readonly except?: readonly SourceFile[];
  /** Files of changes that are made to what was read. */
  readonly whatIf?: readonly string[];
  /** Which cluster to read instead of files, where the command line names one, and how to render charts. */
  readonly source?: SourceFlags;
  /** Reads texts, where that is shared with another state; `readManifests` by default. */
  readonly read?: typeof readManifests;
}

/** Reads manifests for a command; undefined, with the exit code set and the reason said, when there is nothing to read. */
export async function loadManifests(
  context: Context,
  paths: readonly string[],
  { except = [], whatIf = [], source = {}, read = readManifests }: LoadOptions = {},
): Promise<LoadedManifests | undefined> {
  if (isLive(context, source, paths)) {
    const live = await loadCluster(context, paths, source, read);
    return live && withChanges(context, live, whatIf, source);
  }
  if (paths.length === 0) {
    context.process.stderr.write(
      "podwall: no input: name files or folders with -f PATH, or - for standard input, or a cluster with --context NAME\n",
    );
    context.exitCode = 2;
    return undefined;
  }
  const files = await loadFiles(context, paths, source);
  const others = new Set(except.map(({ name }) => resolve(context.cwd, name)));
  const manifests =
    files &&
    manifestsIn(
      context,
      files.filter(({ name }) => !others.has(resolve(context.cwd, name))),
      read,
    );
  return manifests && withChanges(context, manifests, whatIf, source);
}

/** The objects of a cluster, as `loadManifests`. */
async function loadCluster(
  context: Context,
  paths: readonly string[],
  flags: SourceFlags,
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
  { namespace }: SourceFlags = {},
): Promise<LoadedManifests | undefined> {
  if (paths.length === 0) return manifests;
  const files = await loadFiles(context, paths, namespace === undefined ? {} : { namespace });
  if (files === undefined) return undefined;
  const { objects, diagnostics, problems } = applyWhatIf(manifests.objects, files);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0 && problems.length === 0) return { ...manifests, objects: withoutReplaced(objects) };
  printDiagnostics(context, errors);
  for (const problem of problems) context.process.stderr.write(`podwall: ${printable(problem)}\n`);
  context.exitCode = 2;
  return undefined;
}

/** Reads the texts that paths name, charts and kustomizations rendered, as `loadManifests`. */
export async function loadFiles(
  context: Context,
  paths: readonly string[],
  { values = [], namespace }: SourceFlags = {},
): Promise<readonly SourceFile[] | undefined> {
  const { cwd, process } = context;
  const renderables = paths.flatMap((path) => renderableAt(path, cwd) ?? []);
  if (values.length > 0 && !renderables.some(({ kind }) => kind === "chart")) {
    process.stderr.write("podwall: --values are for a Helm chart, and none is named\n");
    context.exitCode = 2;
    return undefined;
  }
  const rendered: SourceFile[] = [];
  for (const renderable of renderables) {
    const result = await render(renderable, { cwd, env: process.env ?? {}, values, namespace });
    if ("problem" in result) {
      process.stderr.write(`podwall: ${result.problem.split("\n").map(printable).join("\n  ")}\n`);
      context.exitCode = result.why === "here" ? 3 : 2;
      return undefined;
    }
    rendered.push(...result.files);
  }
  const others = new Set(renderables.map(({ path }) => path));
  const { files, diagnostics } = await readPaths(
    paths.filter((path) => !others.has(path)),
    context,
  );
  if (diagnostics.length === 0) return inNamespace([...files, ...rendered], namespace);
  printDiagnostics(context, diagnostics);
  context.exitCode = 2;
  return undefined;
}

/** Texts whose objects are in a namespace where they name none. */
export function inNamespace(files: readonly SourceFile[], namespace: string | undefined): readonly SourceFile[] {
  return namespace === undefined ? files : files.map((file) => ({ ...file, namespace }));
}

/** The objects of texts, as `loadManifests`. */
export function manifestsIn(
  context: Context,
  files: readonly SourceFile[],
  reader: typeof readManifests,
): LoadedManifests | undefined {
  const read = reader(files);
  // Most often what was to write the manifests failed, and then this must not look as if all were well.
  const found = read.objects.length + read.ignored.size + read.others.length + read.diagnostics.length + read.own;
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
