import { SharedReader, type readManifests } from "@podwall/engine";
import type { Context } from "./context.ts";
import type { SourceFlags } from "./flags.ts";
import { readRevision } from "./git/read-revision.ts";
import { asExpanded } from "./live/as-expanded.ts";
import { isLive } from "./live/load-live.ts";
import { renderableAt } from "./render/renderable.ts";
import { type LoadedManifests, inNamespace, loadManifests, manifestsIn, withChanges } from "./load-manifests.ts";

/** Two states to compare, or why there are none; an empty text where that was said already. */
export type DiffStates =
  | { readonly before: LoadedManifests; readonly after: LoadedManifests }
  | { readonly problem: string };

/** What the command line says of the two states. */
export interface DiffInput {
  readonly paths: readonly string[];
  /** `REV`, which is compared with the files on disk, or `REV..REV`. */
  readonly git?: string;
  readonly files: readonly string[];
  /** Changes that are made to the second state, or that make it of the first. */
  readonly whatIf: readonly string[];
  /** The cluster that is the first state, where one is named, and how to render charts. */
  readonly source: SourceFlags;
  /** Whether the second state is the first as a network plugin judges it. */
  readonly isOfDialect: boolean;
}

const said = { problem: "" } as const;

/** Reads both states. */
export async function diffStates(context: Context, input: DiffInput): Promise<DiffStates> {
  const { paths, git, files, whatIf, source } = input;
  const live = git === undefined && paths.length < 2 && isLive(context, input.source, files);
  const states = live
    ? await statesOfCluster(context, input)
    : git === undefined
      ? await statesOfPaths(context, input)
      : await statesOfGit(context, git, { ...input, paths: [...files, ...paths] });
  if ("problem" in states) return states;
  const after = await withChanges(context, states.after, whatIf, source);
  return after === undefined ? said : { before: states.before, after };
}

async function statesOfCluster(
  context: Context,
  { paths, files, whatIf, source, isOfDialect }: DiffInput,
): Promise<DiffStates> {
  const [after] = paths;
  if (files.length > 0)
    return { problem: "a cluster is compared with a file or folder, AFTER, or changed by --what-if" };
  if (after === undefined && whatIf.length === 0 && !isOfDialect)
    return { problem: "name what to compare the cluster with: AFTER, or --what-if FILE" };
  const live = await loadManifests(context, [], { source });
  if (live === undefined) return said;
  const before = { ...live, objects: asExpanded(live.objects) };
  const state =
    after === undefined ? before : await loadManifests(context, [after], { source: onDisk(context, after, source) });
  return state === undefined ? said : { before, after: state };
}

async function statesOfPaths(
  context: Context,
  { paths, files, whatIf, source, isOfDialect }: DiffInput,
): Promise<DiffStates> {
  if (files.length > 0 && paths.length === 0 && (whatIf.length > 0 || isOfDialect)) {
    const both = await loadManifests(context, files, { source });
    return both === undefined ? said : { before: both, after: both };
  }
  if (files.length > 0)
    return { problem: "-f is for --git, --what-if and --dialect; name the two states as BEFORE and AFTER" };
  const [first, second, third] = paths;
  if (first === undefined || second === undefined || third !== undefined) {
    return {
      problem: "name two files or folders, BEFORE and AFTER, or paths with -f and --git, --what-if or --dialect",
    };
  }
  if (first === "-" && second === "-") return { problem: "only one of the two states can be standard input" };
  const read = sharedReader(source);
  const load = (path: string) => loadManifests(context, [path], { read, source: onDisk(context, path, source) });
  const before = await load(first);
  const after = before && (await load(second));
  return before === undefined || after === undefined ? said : { before, after };
}

async function statesOfGit(context: Context, range: string, { paths, source }: DiffInput): Promise<DiffStates> {
  if (paths.length === 0) return { problem: "--git needs the files or folders to read from the revision: -f PATH" };
  const rendered = paths.find((path) => renderableAt(path, context.cwd) !== undefined);
  if (rendered !== undefined) {
    const help = "render it at both revisions, and compare the two texts: podwall diff before.yaml after.yaml";
    return { problem: `${rendered} is a chart or kustomization, which git has only unrendered; ${help}` };
  }
  const [first = "", second, third] = range.split("..");
  if (third !== undefined || second?.startsWith(".") === true || first === "" || second === "") {
    return { problem: `"${range}" is not a revision, or two as REV..REV` };
  }
  const read = sharedReader(source);
  const before = await manifestsOf(context, first, paths, read);
  if (before === undefined || "problem" in before) return before ?? said;
  const after =
    second === undefined
      ? await loadManifests(context, paths, { read })
      : await manifestsOf(context, second, paths, read);
  if (after === undefined || "problem" in after) return after ?? said;
  return { before, after };
}

/** What goes for a path alone: the cluster is the other state, and values are for a chart. */
function onDisk(context: Context, path: string, { values = [], namespace }: SourceFlags): SourceFlags {
  const isChart = renderableAt(path, context.cwd)?.kind === "chart";
  return { values: isChart ? values : [], ...(namespace === undefined ? {} : { namespace }) };
}

/** What both states have in common is read once. */
function sharedReader({ namespace }: SourceFlags): typeof readManifests {
  const reader = new SharedReader();
  return (files) => reader.read(inNamespace(files, namespace));
}

async function manifestsOf(
  context: Context,
  revision: string,
  paths: readonly string[],
  reader: typeof readManifests,
): Promise<LoadedManifests | { readonly problem: string } | undefined> {
  const read = await readRevision(context.cwd, revision, paths);
  return "problem" in read ? read : manifestsIn(context, read.files, reader);
}
