import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { once } from "node:events";
import type { Lab } from "../../../packages/lab/src/index.ts";
import type { AgentNode } from "./agent-node.ts";
import { kubeBinaries } from "./kube-binaries.ts";

export interface KubeProxyOptions {
  readonly lab: Lab;
  readonly node: AgentNode;
  readonly mode: "nftables" | "iptables";
}

/** As the API server's own roles know it. */
export const proxyUser = "system:kube-proxy";

/** A real kube-proxy on a node of the lab. */
export class KubeProxy {
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  static async start({ lab, node, mode }: KubeProxyOptions): Promise<KubeProxy> {
    const binaries = await kubeBinaries(["kube-proxy"]);
    const folder = dirname(node.kubeconfig);
    const access = { ...JSON.parse(readFileSync(node.kubeconfig, "utf8")), "current-context": proxyUser };
    writeFileSync(join(folder, "proxy-access"), JSON.stringify(access));
    const config = {
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      mode,
      hostnameOverride: node.name,
      clientConnection: { kubeconfig: join(folder, "proxy-access") },
      clusterCIDR: "10.244.0.0/16",
      nodePortAddresses: ["172.18.0.0/16"],
      healthzBindAddress: "127.0.0.1:10256",
      metricsBindAddress: "127.0.0.1:10249",
      // A network namespace may not set the machine's own limits.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    };
    writeFileSync(join(folder, "proxy-config"), JSON.stringify(config));
    const logFile = join(folder, "proxy.log");
    const log = openSync(logFile, "a");
    const [command = "", ...enter] = lab.command({ kind: "node", name: node.name });
    const args = [...enter, join(binaries, "kube-proxy"), "--config", join(folder, "proxy-config")];
    const env = { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
    const child = spawn(command, args, { stdio: ["ignore", log, log], env });
    closeSync(log);
    return new KubeProxy(child, logFile);
  }

  /** The end of what it said. */
  get said(): string {
    return readFileSync(this.#log, "utf8").slice(-3_000);
  }

  /** Its rules stay. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, "close");
    const children = readFileSync(`/proc/${this.#child.pid}/task/${this.#child.pid}/children`, "utf8").trim();
    process.kill(Number(children.split(" ")[0] || this.#child.pid), "SIGKILL");
    await ended;
  }
}
