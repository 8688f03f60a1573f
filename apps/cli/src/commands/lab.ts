import { buildCommand, buildRouteMap } from "@stricli/core";
import type { Context } from "../context.ts";
import { type FormatFlags, type InputFlags, formatFlags, inputAliases, followedFlags } from "../flags.ts";
import { labContext } from "../lab-context.ts";

type RunFlags = InputFlags &
  FormatFlags & {
    readonly once: boolean;
    readonly replicas: number;
    readonly nodes: number;
    readonly ipFamily: "4" | "6" | "dual";
    readonly deny: "drop" | "reject";
  };

const runCommand = buildCommand<RunFlags, [], Context>({
  docs: {
    brief: "Run manifests as network namespaces and try every connection",
    fullDescription: [
      "Starts a network namespace for every pod of the manifests, enforces their policies in the kernel, tries every pair and",
      "declared port with real connections, and shows what was predicted beside what happened. Then follows edits to the",
      "files until Ctrl-C. Everything lives in namespaces of its own: nothing can touch or leave this machine's network.",
      "With --once exits with 0 when all is as predicted, 1 when not, 130 when interrupted; without, with 0 at Ctrl-C.",
      "Exits with 2 on bad usage or input, 3 where this machine cannot run it and only predicts.",
      "",
      "Examples:",
      "  podwall lab -f examples/online-shop",
      "  podwall lab -f manifests/ --once --format json",
      "  podwall lab exec frontend -- wget -qO- http://cart:7070",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...followedFlags,
      ...formatFlags,
      once: { kind: "boolean", default: false, brief: "Try every connection once, then stop", withNegated: false },
      replicas: {
        kind: "parsed",
        parse: wholeNumber(1, 100),
        default: "2",
        brief: "Pods to start for a workload at most",
        placeholder: "N",
      },
      nodes: {
        kind: "parsed",
        parse: wholeNumber(1, 10),
        default: "2",
        brief: "Nodes, where the manifests name none",
        placeholder: "N",
      },
      ipFamily: { kind: "enum", values: ["4", "6", "dual"], default: "dual", brief: "Address families of the pods" },
      deny: { kind: "enum", values: ["drop", "reject"], default: "drop", brief: "What a denied connection gets" },
    },
    aliases: inputAliases,
  },
  async func(this: Context, { file = [], ...flags }) {
    const { runLab } = await import("@podwall/lab");
    this.exitCode = await runLab({ paths: file, ...flags }, labContext(this));
  },
});

const execCommand = buildCommand<{ readonly pid?: number }, [string, ...string[]], Context>({
  docs: {
    brief: "Run a command in a pod of the running lab",
    fullDescription: [
      "POD is [namespace/]name, a pod or a workload. Exits with what the command exits with.",
      "",
      "Examples:",
      "  podwall lab exec frontend -- wget -qO- http://cart:7070",
      "  podwall lab exec shop/frontend-1 -- bash",
    ].join("\n"),
  },
  parameters: {
    flags: {
      pid: {
        kind: "parsed",
        parse: wholeNumber(1, 2 ** 22),
        optional: true,
        brief: "Process id of the lab, where several run",
        placeholder: "PID",
      },
    },
    positional: {
      kind: "array",
      minimum: 1,
      parameter: { brief: "The pod, then the command", parse: String, placeholder: "POD -- CMD" },
    },
  },
  async func(this: Context, { pid }, pod, ...command) {
    if (command.length === 0) {
      this.process.stderr.write("podwall lab exec: no command: write `podwall lab exec POD -- COMMAND`\n");
      this.exitCode = 2;
      return;
    }
    const { execInLab } = await import("@podwall/lab");
    this.exitCode = await execInLab(pod, command, labContext(this), pid === undefined ? {} : { pid });
  },
});

export const labCommands = buildRouteMap({
  routes: { run: runCommand, exec: execCommand },
  defaultCommand: "run",
  docs: {
    brief: "Try policies on this machine, with pods as network namespaces",
    fullDescription: [
      "Without `run` or `exec` it is `run`; `podwall lab run --help` and `podwall lab exec --help` say what the options mean.",
      "",
      "Examples:",
      "  podwall lab -f examples/online-shop",
      "  podwall lab -f manifests/ --once --format json",
      "  podwall lab exec frontend -- wget -qO- http://cart:7070",
    ].join("\n"),
  },
});

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to) {
      throw new RangeError(`"${text}" is not a whole number from ${from} to ${to}`);
    }
    return value;
  };
}
