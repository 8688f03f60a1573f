import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { AccessError } from "./access-error.ts";
import { type KubeconfigFile, readKubeconfig } from "./kubeconfig-file.ts";

export interface KubeconfigPlace {
  /** As `--kubeconfig`: this file alone. */
  readonly kubeconfig?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface FoundKubeconfig extends KubeconfigFile {
  /** The files it was merged from, for messages. */
  readonly files: readonly string[];
}

/**
 * The kubeconfig that kubectl would use: the file given, else those of `KUBECONFIG`, else `~/.kube/config`. Undefined
 * where none of them is there. Rejects with an `AccessError`.
 */
export async function findKubeconfig({ kubeconfig, env }: KubeconfigPlace): Promise<FoundKubeconfig | undefined> {
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  const usual = join(env["HOME"] ?? homedir(), ".kube", "config");
  const paths = kubeconfig !== undefined ? [kubeconfig] : listed.length > 0 ? listed : [usual];
  const files = new Map<string, KubeconfigFile>();
  for (const path of new Set(paths.map((path) => resolve(path)))) {
    const text = await readOptional(path);
    if (text !== undefined) files.set(path, readKubeconfig(text, path));
    else if (kubeconfig !== undefined) throw new AccessError(`${path}: there is no such kubeconfig file`);
  }
  if (files.size === 0 && listed.length > 0) {
    throw new AccessError(`KUBECONFIG names ${listed.join(", ")}, and there is no such file; mend or unset it`);
  }
  return files.size === 0 ? undefined : { ...merge([...files.values()]), files: [...files.keys()] };
}

/** The first file that has a name has all of its entry, and the first that has a current context has that. */
function merge(files: readonly KubeconfigFile[]): KubeconfigFile {
  const reversed = files.toReversed();
  const entries = (list: "clusters" | "users" | "contexts") => new Map(reversed.flatMap((file) => [...file[list]]));
  return {
    clusters: entries("clusters"),
    users: entries("users"),
    contexts: entries("contexts"),
    currentContext: files.find((file) => file.currentContext !== undefined)?.currentContext,
  };
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AccessError(`${path}: this kubeconfig cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
