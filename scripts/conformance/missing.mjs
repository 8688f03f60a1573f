import { spawnSync } from "node:child_process";
import { hasGo } from "../lib/go-program.mjs";
import { isCommand } from "../lib/system-tools.mjs";

/** What a node of the cluster runs, and the Debian package each comes from. */
export const clusterTools = {
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
  "/usr/lib/cni/ptp": "containernetworking-plugins",
  openssl: "openssl",
  ip: "iproute2",
  nft: "nftables",
  iptables: "iptables",
  sysctl: "procps",
  nsenter: "util-linux",
  setpriv: "util-linux",
  unshare: "util-linux",
  mount: "mount",
};

/** What this machine lacks to run a cluster, as one sentence; undefined where it lacks nothing. */
export function missing() {
  const needs = "A conformance cluster needs";
  if (process.platform !== "linux") return `${needs} Linux.`;
  if (process.getuid?.() !== 0) return `${needs} root, for containers and network namespaces: run it with sudo.`;
  const absent = Object.entries(clusterTools).filter(([tool]) => !isCommand(tool));
  if (absent.length > 0) {
    const packages = [...new Set(absent.map(([, name]) => name))].join(" ");
    return `${needs} ${absent.map(([tool]) => tool).join(", ")}; on Debian: apt-get install ${packages}`;
  }
  if (!hasGo()) return `${needs} Go, to build Kubernetes and its tests.`;
  const tried = spawnSync("unshare", ["--net", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "none", "/run"], {
    encoding: "utf8",
  });
  return tried.status === 0
    ? undefined
    : `${needs} namespaces and mounts, which this machine refuses: ${tried.stderr.trim()}`;
}
