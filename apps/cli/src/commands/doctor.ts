import { type DoctorReport, doctorJson, doctorMarkdown, doctorText, printable } from "@podwall/report";
import { type FlagParametersForType, buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import { type SourceFlags, parsePath } from "../flags.ts";
import { parseDuration } from "../parse-duration.ts";
import { stopSignal } from "../stop-signal.ts";

interface Flags extends Pick<SourceFlags, "context" | "kubeconfig"> {
  readonly image: string;
  readonly enforceTimeout: number;
  readonly startTimeout: number;
  readonly cleanup: boolean;
  readonly format: "text" | "json" | "markdown";
}

const flags: FlagParametersForType<Flags, Context> = {
  context: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "The kubeconfig's context; its current one by default",
    placeholder: "NAME",
  },
  kubeconfig: { kind: "parsed", parse: parsePath, optional: true, brief: "The kubeconfig", placeholder: "PATH" },
  image: {
    kind: "parsed",
    parse: String,
    default: "registry.k8s.io/e2e-test-images/agnhost:2.59",
    brief: "The pods' image: agnhost, or one with /agnhost, bash, sleep and ping",
    placeholder: "IMAGE",
  },
  enforceTimeout: {
    kind: "parsed",
    parse: parseDuration,
    default: "30s",
    brief: "How long policies may take to be in force",
    placeholder: "TIME",
  },
  startTimeout: {
    kind: "parsed",
    parse: parseDuration,
    default: "3m",
    brief: "How long pods may take to start",
    placeholder: "TIME",
  },
  cleanup: { kind: "boolean", default: false, brief: "Only remove what earlier doctors left", withNegated: false },
  format: {
    kind: "enum",
    values: ["text", "json", "markdown"],
    default: "text",
    brief: "How to print the answer",
  },
};

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
  parameters: { flags },
  async func(this: Context, { context, kubeconfig, cleanup, format, image, startTimeout, enforceTimeout }) {
    const { AccessError, KubeClient, KubeError, findAccess } = await import("@podwall/kube");
    const { examineCluster, tidyUp } = await import("../doctor/examine-cluster.ts");
    const say = (text: string): void => this.process.stderr.write(`podwall doctor: ${printable(text)}\n`);
    const { env = {} } = this.process;
    const { signal, forget } = stopSignal();
    try {
      const access = await findAccess({ env, kubeconfig, context });
      const client = new KubeClient({ access, userAgent: "podwall" });
      try {
        if (cleanup) {
          this.exitCode = (await tidyUp(client, say)) ? 0 : 3;
          return;
        }
        const answer = await examineCluster({
          client,
          signal,
          say,
          image,
          startMs: startTimeout,
          enforceMs: enforceTimeout,
        });
        if ("report" in answer) {
          this.process.stdout.write(textOf(answer.report, format, this));
          this.exitCode = exitCodeOf(answer.report);
        } else {
          say(answer.because);
          this.exitCode = answer.exitCode;
        }
      } finally {
        client.close();
      }
    } catch (error) {
      if (!(error instanceof AccessError || error instanceof KubeError)) throw error;
      say(error.message);
      this.exitCode = error instanceof AccessError || error.kind === "access" ? 2 : 3;
    } finally {
      forget();
    }
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
