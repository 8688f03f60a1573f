import { release } from "node:os";
import { podwallVersion } from "../image/build-image.mjs";
import { node } from "../image/inputs.mjs";
import { outputOf } from "../image/output-of.mjs";
import { requiredVersion } from "../lib/go-program.mjs";
import { kubernetesVersion } from "./programs.mjs";

/**
 * What a run's results depend on, by name.
 * @param {string} digest of the agent's image
 * @returns {Promise<Readonly<Record<string, string>>>}
 */
export async function versions(digest) {
  const first = async (/** @type {string} */ program) => {
    const text = (await outputOf(program, ["--version"])).toString("utf8");
    return /\d+\.\d+[^\s,]*/.exec(text)?.[0] ?? text.trim();
  };
  return {
    podwall: `${podwallVersion()}, image ${digest}`,
    "Node in the image": node.version,
    Kubernetes: kubernetesVersion,
    etcd: requiredVersion("conformance/kubernetes", "go.etcd.io/etcd/server/v3"),
    "network-policy-api": requiredVersion("conformance/network-policy-api", "sigs.k8s.io/network-policy-api"),
    cyclonus: requiredVersion("conformance/cyclonus", "github.com/mattfenwick/cyclonus"),
    containerd: await first("containerd"),
    runc: await first("runc"),
    nftables: await first("nft"),
    Linux: release(),
  };
}
