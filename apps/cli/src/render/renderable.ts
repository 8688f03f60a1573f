import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";

/** A folder whose manifests another program makes. */
export interface Renderable {
  /** As a person named it. */
  readonly path: string;
  readonly kind: "chart" | "kustomization";
}

/** What a path is, where it is a folder with a Chart.yaml or a kustomization. */
export function renderableAt(path: string, cwd: string): Renderable | undefined {
  if (path === "-") return undefined;
  const folder = resolve(cwd, path);
  // False also for what cannot be looked at, such as a link to itself: reading it says why.
  const has = (name: string): boolean => existsSync(join(folder, name));
  if (has("Chart.yaml")) return { path, kind: "chart" };
  return kustomizations.some(has) ? { path, kind: "kustomization" } : undefined;
}

/** The names that kustomize takes. */
const kustomizations = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** A command line that makes the manifests. */
export interface RenderCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export interface RenderOptions {
  readonly cwd: string;
  /** Files of a chart's values. */
  readonly values: readonly string[];
  readonly namespace?: string | undefined;
}

/** The commands to try, in order: the first whose program is there makes the manifests. */
export function renderCommands({ path, kind }: Renderable, { cwd, values, namespace }: RenderOptions): RenderCommand[] {
  const folder = resolve(cwd, path);
  if (kind === "kustomization") {
    return [
      { command: "kubectl", args: ["kustomize", folder] },
      { command: "kustomize", args: ["build", folder] },
    ];
  }
  const inNamespace = namespace === undefined ? [] : ["--namespace", namespace];
  const files = values.flatMap((file) => ["--values", resolve(cwd, file)]);
  return [
    { command: "helm", args: ["template", releaseName(folder), folder, "--skip-tests", ...inNamespace, ...files] },
  ];
}

/** Helm wants a name that could be a label. */
function releaseName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" ? "release" : name.slice(0, 53);
}
