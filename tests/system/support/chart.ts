import { loadAll } from "js-yaml";
import { existsSync } from "node:fs";
import { goProgramPath, hasGo } from "../../../scripts/lib/go-program.mjs";
import { helm, helmProgram } from "../../../scripts/lib/helm.mjs";
import { fromRoot } from "../../../scripts/lib/root.mjs";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** Why Helm cannot run here, in words; undefined where it can. */
export const helmLacking: string | undefined =
  hasGo() || existsSync(goProgramPath(helmProgram)) ? undefined : "needs Go to build Helm";

/** What the chart gives with these values, as `--set` takes them. */
export async function renderChart(values: readonly string[] = [], release = "podwall"): Promise<readonly Manifest[]> {
  const set = values.flatMap((value) => ["--set", value]);
  return manifestsIn(await helm(["template", release, fromRoot("charts/podwall"), "-n", "podwall-system", ...set]));
}

/** The objects of a text of YAML documents. */
export function manifestsIn(text: string): readonly Manifest[] {
  return loadAll(text).filter((document) => document !== null && document !== undefined) as Manifest[];
}

/** One object of a kind, by name where there are several. */
export function only(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter((one) => one.kind === kind && (name === undefined || one.metadata.name === name));
  if (found.length !== 1) throw new Error(`there are ${found.length} objects of kind ${kind}`);
  return found[0] as Manifest;
}

/** A field deep in an object, by its path. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) found = (found as Readonly<Record<string | number, unknown>> | undefined)?.[key];
  return found;
}
