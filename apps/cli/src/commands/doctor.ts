import { type DoctorReport, doctorJson, doctorMarkdown, doctorText } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import { type ProbingFlags, probingFlags } from "../probing/probing-flags.ts";
import { withCluster } from "../probing/with-cluster.ts";

interface Flags extends ProbingFlags {
  readonly format: "text" | "json" | "markdown";
}

export const doctorCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Find out whether a cluster enforces NetworkPolicy, and how",
    fullDescription: [
      "Makes a namespace with pods and policies of its own, in any cluster with any network plugin, tries what they allow and",
      "deny, prints a table of what the API says and what was seen, and removes the namespace, also at Ctrl-C. Takes two to",
      "three minutes. No other namespace is touched. Needs the rights to create and delete namespaces, and in those pods and",
      "networkpolicies, and to read pods and their logs.",
      "Exits with 0 where all is as the API says, 1 where something is not, 2 on bad usage or credentials, 3 where it cannot",
      "be found out, 130 when interrupted.",
      "",
      "Examples:",
      "  podwall doctor",
      "  podwall doctor --context prod --format markdown > enforcement.md",
      "  podwall doctor --image registry.example/agnhost:2.59",
      "  podwall doctor --cleanup",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...probingFlags,
      format: { kind: "enum", values: ["text", "json", "markdown"], default: "text", brief: "How to print the answer" },
    },
  },
  async func(this: Context, { cleanup, format, image, startTimeout: startMs, enforceTimeout: enforceMs, ...flags }) {
    const { examineCluster, tidyUp } = await import("../doctor/examine-cluster.ts");
    await withCluster(this, "doctor", flags, async (cluster) => {
      if (cleanup) return (await tidyUp(cluster.client, cluster.say)) ? 0 : 3;
      const answer = await examineCluster({ ...cluster, image, startMs, enforceMs });
      if ("report" in answer) {
        this.process.stdout.write(textOf(answer.report, format, this));
        return exitCodeOf(answer.report);
      }
      cluster.say(answer.because);
      return answer.exitCode;
    });
  },
});

/** Without these nothing can be said of a cluster. */
const essential = new Set(["ingress", "default-deny", "egress"]);

function exitCodeOf({ rows }: DoctorReport): number {
  if (rows.some(({ verdict }) => verdict === "not")) return 1;
  return rows.some(({ id, verdict }) => verdict === "unknown" && essential.has(id)) ? 3 : 0;
}

function textOf(report: DoctorReport, format: Flags["format"], { process }: Context): string {
  switch (format) {
    case "json":
      return doctorJson(report);
    case "markdown":
      return doctorMarkdown(report);
    case "text":
      return doctorText(report, styleFor(process.stdout));
  }
}
