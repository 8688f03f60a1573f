import { resolve } from "node:path";
import type { Cidr } from "@podwall/engine";
import { buildCommand } from "@stricli/core";
import { type ClusterFlags, clusterFlags } from "../cluster-flags.ts";
import type { Context } from "../context.ts";
import { type InputFlags, inputAliases, followedFlags, parsePath } from "../flags.ts";
import { type NodeFlags, nodeFlags, parseRange } from "../node-flags.ts";

interface Flags extends InputFlags, ClusterFlags, NodeFlags {
  readonly clusterPodCidr?: readonly Cidr[];
  readonly nodeName?: string;
  readonly stateDir: string;
  readonly listen: string;
  readonly insecureListen: boolean;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
  readonly logFormat: "text" | "json";
  readonly deny: "drop" | "reject";
  readonly removeTaint?: string;
  readonly ignoreBypass?: readonly ("bridge" | "ipvs" | "flowtable")[];
}

export const agentCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Enforce a cluster's policies on this node",
    fullDescription: [
      "Follows a Kubernetes API server and keeps this node's kernel at what the policies there say. Finds the server as kubectl",
      "does: by a kubeconfig, else as the pod it runs in. With -f it enforces manifests instead. Needs root (NET_ADMIN), nft and",
      "conntrack. Serves /healthz, /readyz, /self, /metrics and /state; off loopback they are HTTPS, with a",
      "certificate of its own making where none is given, and the last two want a token of the cluster's whose owner may get them.",
      "When it stops, by SIGTERM or otherwise, the rules stay; `podwall cleanup` takes them away.",
      "Exits with 0 when told to stop, 2 on bad usage or input, 3 where this machine cannot do it.",
      "",
      "Examples:",
      "  podwall agent",
      "  podwall agent --node-name node-1 --kubeconfig /etc/podwall/kubeconfig --log-format json",
      "  podwall agent --pod-cidr 10.244.1.0/24 --pod-interface-prefix veth",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...followedFlags,
      nodeName: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "This node's name in the cluster; NODE_NAME or the machine's name by default",
        placeholder: "NAME",
      },
      ...clusterFlags,
      ...nodeFlags,
      clusterPodCidr: {
        kind: "parsed",
        parse: parseRange,
        variadic: true,
        optional: true,
        brief: "A range of all of the cluster's pods, where Nodes have no podCIDRs (repeatable)",
        placeholder: "CIDR",
      },
      stateDir: {
        kind: "parsed",
        parse: parsePath,
        default: "/run/podwall",
        brief: "Folder for what the next agent needs until the next boot",
        placeholder: "PATH",
      },
      listen: {
        kind: "parsed",
        parse: String,
        default: "127.0.0.1:9464",
        brief: "Where the endpoints listen",
        placeholder: "IP:PORT",
      },
      insecureListen: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Plain HTTP that asks nobody who they are: who reaches --listen may read all of it",
      },
      tlsCertFile: {
        kind: "parsed",
        parse: parsePath,
        optional: true,
        brief: "The endpoints' certificate, or a chain (PEM); read again when it changes",
        placeholder: "FILE",
      },
      tlsPrivateKeyFile: {
        kind: "parsed",
        parse: parsePath,
        optional: true,
        brief: "The key of --tls-cert-file (PEM)",
        placeholder: "FILE",
      },
      logFormat: { kind: "enum", values: ["text", "json"], default: "text", brief: "How to log to stderr" },
      deny: { kind: "enum", values: ["drop", "reject"], default: "drop", brief: "What a denied connection gets" },
      removeTaint: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "The key of a taint to take off this node when all is in force; needs the right to patch nodes",
        placeholder: "KEY",
      },
      ignoreBypass: {
        kind: "enum",
        values: ["bridge", "ipvs", "flowtable"],
        variadic: true,
        optional: true,
        brief: "Enforce though packets go past the rules by this (repeatable)",
      },
    },
    aliases: inputAliases,
  },
  async func(
    this: Context,
    {
      file = [],
      podCidr = [],
      clusterPodCidr = [],
      stateDir,
      listen,
      insecureListen,
      tlsCertFile,
      tlsPrivateKeyFile,
      ignoreBypass = [],
      removeTaint,
      ...flags
    },
  ) {
    const { isLoopback, parseListenAddress, runAgent } = await import("@podwall/agent");
    const address = parseListenAddress(listen);
    const readers = insecureListen || (address !== undefined && isLoopback(address)) ? "anybody" : "token";
    if (address === undefined || (readers === "token" && file.length > 0)) {
      const mend =
        address === undefined
          ? "write an address and a port, such as 127.0.0.1:9464"
          : "with -f there is no API server to ask who may read it; keep to loopback, or allow all with --insecure-listen";
      this.process.stderr.write(`podwall agent: --listen ${listen}: ${mend}\n`);
      this.exitCode = 2;
      return;
    }
    if ((tlsCertFile === undefined) !== (tlsPrivateKeyFile === undefined)) {
      this.process.stderr.write("podwall agent: --tls-cert-file and --tls-private-key-file go together\n");
      this.exitCode = 2;
      return;
    }
    const { cwd, readStdin } = this;
    const { stderr, env = {} } = this.process;
    this.exitCode = await runAgent(
      {
        ...flags,
        ...(removeTaint === undefined ? {} : { taint: removeTaint }),
        paths: file,
        podCidrs: podCidr,
        clusterPodCidrs: clusterPodCidr,
        stateFolder: resolve(cwd, stateDir),
        listen: address,
        readers,
        ...(tlsCertFile === undefined || tlsPrivateKeyFile === undefined
          ? {}
          : { certificate: { certFile: resolve(cwd, tlsCertFile), keyFile: resolve(cwd, tlsPrivateKeyFile) } }),
        ignoredBypasses: ignoreBypass,
      },
      { stderr, env, cwd, readStdin },
    );
  },
});

export const cleanupCommand = buildCommand<Record<never, never>, [], Context>({
  docs: {
    brief: "Take podwall's rules out of this node's kernel",
    fullDescription: [
      "Deletes the table and podwall's marks on connections. Every pod of this node is open afterwards. Stop the agent first:",
      "a running one puts its rules back.",
      "Exits with 0, or 3 where this machine cannot do it.",
    ].join("\n"),
  },
  parameters: { flags: {} },
  async func(this: Context) {
    const { cleanup } = await import("@podwall/agent");
    try {
      const result = await cleanup();
      this.process.stdout.write(result === "removed" ? "podwall's rules are gone\n" : "podwall had no rules here\n");
      this.exitCode = 0;
    } catch (error) {
      this.process.stderr.write(`podwall cleanup: ${error instanceof Error ? error.message : String(error)}\n`);
      this.exitCode = 3;
    }
  },
});
