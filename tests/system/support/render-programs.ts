import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { goProgram, goProgramPath, hasGo } from "../../../scripts/lib/go-program.mjs";
import { helmProgram } from "../../../scripts/lib/helm.mjs";

const kubectl = { name: "kubectl", module: "conformance/kubernetes", package: "k8s.io/kubernetes/cmd/kubectl" };

/** Helm: the PATH's, else built from its Go module; undefined where there is no Go. */
export async function findHelm(): Promise<string | undefined> {
  return inPath("helm") ?? (hasGo() ? await goProgram(helmProgram) : undefined);
}

/** kubectl: the PATH's, else the one that the conformance run has built, which takes minutes; undefined where there is neither. */
export function findKubectl(): string | undefined {
  const built = goProgramPath(kubectl);
  return inPath("kubectl") ?? (existsSync(built) ? built : undefined);
}

function inPath(name: string): string | undefined {
  const found = spawnSync("sh", ["-c", 'command -v "$1"', "sh", name], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
}
