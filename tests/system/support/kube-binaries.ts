import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** A Go module that knows, as its tools, the Kubernetes programs that tests run. */
const module = join(checkout(), "tests/kubernetes");
const packages = {
  "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
  etcd: "go.etcd.io/etcd/server/v3",
  "kube-proxy": "k8s.io/kubernetes/cmd/kube-proxy",
} as const;

export type KubeBinary = keyof typeof packages;

/** Why there is no Kubernetes API server for tests here, in words; undefined where there is one, or can be. */
export const kubeLacking: string | undefined = find(["kube-apiserver", "etcd"]);

/** Why there is no kube-proxy for tests here besides. */
export const proxyLacking: string | undefined = kubeLacking ?? find(["kube-proxy"]);

/** A suite's name, with the reason why it is skipped. */
export function withKubernetes(name: string): string {
  return kubeLacking === undefined ? name : `${name} (skipped: ${kubeLacking})`;
}

/** Building for the first time takes some minutes. */
export const buildTimeoutMs = 30 * 60_000;

/**
 * The folder with these programs: `KUBEBUILDER_ASSETS`, or a cache, where they are built when they are not there. Says on
 * stderr when that takes long.
 */
export async function kubeBinaries(names: readonly KubeBinary[]): Promise<string> {
  const given = givenFolder();
  if (given !== undefined) return given;
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  for (const name of names) if (!existsSync(join(folder, name))) await build(name, folder);
  return folder;
}

/** The folder of this checkout, from here or from where benches are bundled to. */
function checkout(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, "tests/kubernetes/go.mod"))) return folder;
  throw new Error("this is not in a checkout of podwall");
}

function find(names: readonly KubeBinary[]): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (spawnSync("setpriv", ["--version"]).status !== 0) return "needs setpriv, of util-linux";
  const given = givenFolder();
  const missing = names.filter((name) => !existsSync(join(given ?? cacheFolder(), name)));
  if (missing.length === 0) return undefined;
  if (given !== undefined) return `KUBEBUILDER_ASSETS, ${given}, has no ${missing.join(" and no ")}`;
  if (spawnSync("go", ["version"]).status === 0) return undefined;
  return `needs Go to build ${names.join(" and ")}, or KUBEBUILDER_ASSETS with them in it`;
}

function givenFolder(): string | undefined {
  return process.env["KUBEBUILDER_ASSETS"] || undefined;
}

/** One for each state of the module, so that what is in it is what the module says. */
function cacheFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(module, file)));
  return join(cache, "podwall", `kubernetes-${kubernetesVersion()}-${hash.digest("hex").slice(0, 12)}`);
}

function kubernetesVersion(): string {
  const required = /^\s*(?:require )?k8s\.io\/kubernetes (v\S+)/m.exec(readFileSync(join(module, "go.mod"), "utf8"));
  if (required?.[1] === undefined) throw new Error(`${module}/go.mod requires no k8s.io/kubernetes`);
  return required[1];
}

async function build(name: KubeBinary, folder: string): Promise<void> {
  const started = Date.now();
  say(`building ${name} of Kubernetes ${kubernetesVersion()}; the first time takes some minutes …`);
  // Built aside and moved, so that no half a program is ever found, and two builds at once do no harm.
  const target = join(folder, `${name}.${process.pid}`);
  const args = ["build", "-trimpath", "-ldflags", linkerFlags(), "-o", target, packages[name]];
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly", GOWORK: "off" };
  const child = spawn("nice", ["-n", "10", "go", ...args], { cwd: module, env, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-20_000);
  });
  const ticking = setInterval(() => say(`still building ${name}, ${seconds(started)} s`), 30_000);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => clearInterval(ticking));
  if (code !== 0) throw new Error(`${name} could not be built:\n${output}`);
  renameSync(target, join(folder, name));
  say(`built ${name} in ${seconds(started)} s`);
}

/** As Kubernetes' own build sets them: `/version` and what depends on it are right. */
function linkerFlags(): string {
  const version = kubernetesVersion();
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  const flags = ["k8s.io/client-go/pkg/version", "k8s.io/component-base/version"].flatMap((at) => [
    `-X ${at}.gitVersion=${version}`,
    `-X ${at}.gitMajor=${major}`,
    `-X ${at}.gitMinor=${minor}`,
  ]);
  return ["-s", "-w", ...flags].join(" ");
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
