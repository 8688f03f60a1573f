import { type ProbeReport, probeJson, probeText } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import { type FormatFlags, formatFlags } from "../flags.ts";
import { type ProbingFlags, probingFlags } from "../probing/probing-flags.ts";
import { withCluster } from "../probing/with-cluster.ts";

interface Flags extends ProbingFlags, FormatFlags {
  readonly namespace?: string;
  readonly all: boolean;
  readonly maxPods: number;
}

export const probeCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Try a cluster's policies with real connections, and compare with what is predicted",
    fullDescription: [
      "For each NetworkPolicy, tries one connection that it allows and one that it denies, by TCP to ports that running pods",
      "declare, with --all every two kinds of pods, in any cluster with any network plugin. The connections come from pods that",
      "stand in for the cluster's own: same namespace, same labels, never ready, so that no Service sends them anything. They are",
      "removed afterwards, also at Ctrl-C. What the cluster does otherwise than predicted is named with the reasons.",
      "Needs the rights to read what explain --context reads, to create and delete pods and to read their logs.",
      "Exits with 0 where all is as predicted, 1 where something is not, 2 on bad usage or credentials, 3 where nothing could be",
      "tried, 130 when interrupted.",
      "",
      "Examples:",
      "  podwall probe",
      "  podwall probe --context staging -n shop --format json",
      "  podwall probe --all --max-pods 50",
      "  podwall probe --cleanup",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...probingFlags,
      ...formatFlags,
      namespace: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Only policies, or with --all pods, of this namespace",
        placeholder: "NAME",
      },
      all: { kind: "boolean", default: false, brief: "Try every two kinds of pods on every port", withNegated: false },
      maxPods: {
        kind: "parsed",
        parse: parseCount,
        default: "20",
        brief: "Pods to start at most",
        placeholder: "N",
      },
    },
    aliases: { n: "namespace" },
  },
  async func(this: Context, flags) {
    const { probeCluster } = await import("../probe/probe-cluster.ts");
    const { probePods, removePods } = await import("../probe/stand-ins.ts");
    const { image, all: isAll, maxPods: mostPods, startTimeout: startMs, enforceTimeout: enforceMs, namespace } = flags;
    await withCluster(this, "probe", flags, async (open) => {
      const { client, say, signal } = open;
      if (flags.cleanup) {
        const left = await probePods(client, signal);
        say(`removing ${left.length} pods`);
        return (await removePods(client, left, say)) ? 0 : 3;
      }
      const answer = await probeCluster({ ...open, namespace, image, isAll, mostPods, startMs, enforceMs });
      if ("exitCode" in answer) {
        say(answer.because);
        return answer.exitCode;
      }
      const { report, cluster } = answer;
      const style = styleFor(this.process.stdout);
      this.process.stdout.write(flags.format === "json" ? probeJson(report) : probeText(report, cluster, style));
      return exitCodeOf(report);
    });
  },
});

function exitCodeOf({ connections }: ProbeReport): number {
  if (connections.some(({ outcome }) => outcome === "disagrees")) return 1;
  return connections.some(({ outcome }) => outcome === "agrees") ? 0 : 3;
}

function parseCount(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new RangeError(`"${text}" is no number of pods; write 1 to 9999`);
  return count;
}
