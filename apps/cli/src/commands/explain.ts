import { behaveAs, clusterFrom, dialectEntries, withNewPod } from "@podwall/engine";
import { jsonCoverage, jsonOutput } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { explainBlastRadius } from "../explain/explain-blast-radius.ts";
import { explainConnection } from "../explain/explain-connection.ts";
import { explainNewPod, labelsOf } from "../explain/explain-new-pod.ts";
import { explainReach } from "../explain/explain-reach.ts";
import { explainService } from "../explain/explain-service.ts";
import { explainWorld } from "../explain/explain-world.ts";
import type { ExplainAnswer, ExplainFlags, ExplainInput } from "../explain/explain-input.ts";
import { type Question, questionOf } from "../explain/question.ts";
import { sourceAliases, sourceFlags, dialectFlags, formatFlags, inputFlags, whatIfFlags } from "../flags.ts";
import { loadManifests, printErrors } from "../load-manifests.ts";
import { coverageIn, sayCoverage } from "../say-coverage.ts";

export const explainCommand = buildCommand<ExplainFlags, string[], Context>({
  docs: {
    brief: "Say whether one end may talk to another, and why; or whom one end reaches",
    fullDescription: [
      "SRC and DST are pods or workloads, [namespace/]name or [namespace/]kind/name, or IP addresses. With a port the answer",
      "is for one connection; without, for everything. Ports are those of the pod, not of a Service. What is denied comes with",
      "the smallest edit of the manifests that would allow it, each tried before it is shown; --edit shows what would deny too.",
      "SRC or DST may be world: all addresses that are no pod's. DST may be a Service, [namespace/]svc/name: ports are the",
      "Service's then, and from world the answer is by which LoadBalancer, NodePort, Ingress or route of a Gateway it is reached.",
      "With --from or --to alone: everybody whom that end may reach, or who may reach it. With --blast-radius: what a pod that",
      "is taken over reaches, also through others, as far as --hops says.",
      "With --new-pod: what a pod that is not there yet could reach and be reached by, in the namespace of -n, with --labels or",
      "with any; with --labels it may also be an end, new-pod.",
      "An answer that depends on the network plugin says so; --dialect answers as a plugin does.",
      "Where the answer depends on what the input does not say, it is unknown, and what is missing is named.",
      "Exits with 0 when it is allowed or somebody is reached, 1 when it is denied, unknown or nobody is, 2 on bad usage or",
      "input.",
      "Ends with 3 where the cluster does not answer, or there is no `helm` for a chart.",
      "",
      "Examples:",
      "  podwall explain -f manifests/ frontend cart:7070",
      "  podwall explain -f manifests/ shop/deployment/frontend kube-system/coredns:53/udp",
      "  podwall explain -f manifests/ payment 203.0.113.10:443",
      "  podwall explain -f manifests/ frontend cart",
      "  podwall explain --context production -n shop frontend cart:7070",
      "  podwall explain -f manifests/ frontend svc/cart:80",
      "  podwall explain -f manifests/ world svc/web",
      "  podwall explain -f manifests/ --to data/orders-db",
      "  podwall explain -f manifests/ --from frontend",
      "  podwall explain -f manifests/ --blast-radius frontend --hops 2",
      "  podwall explain -f manifests/ --new-pod -n shop",
      "  podwall explain -f manifests/ --new-pod -n shop --labels app=web new-pod cart:7070",
      "  podwall explain -f manifests/ --what-if new-policy.yaml frontend cart:7070",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...inputFlags,
      ...sourceFlags,
      ...whatIfFlags,
      ...dialectFlags,
      ...formatFlags,
      from: { kind: "parsed", parse: String, optional: true, brief: "Whom this end may reach", placeholder: "SRC" },
      to: { kind: "parsed", parse: String, optional: true, brief: "Who may reach this end", placeholder: "DST" },
      blastRadius: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "What this pod reaches if it is taken over, through others too",
        placeholder: "POD",
      },
      hops: { kind: "parsed", parse: parseHops, default: "3", brief: "Steps of --blast-radius", placeholder: "N" },
      newPod: {
        kind: "boolean",
        default: false,
        brief: "Ask about a pod that is not there yet, called new-pod, in the namespace of -n",
      },
      labels: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Of the new pod; any labels where this is left out",
        placeholder: "KEY=VALUE,…",
      },
      via: {
        kind: "parsed",
        parse: String,
        variadic: true,
        optional: true,
        brief: "Pod or workload that requests for a Service's routes come through, where labels do not tell",
        placeholder: "POD",
      },
      edit: { kind: "boolean", default: false, brief: "Show the smallest edit that would deny what is allowed, too" },
    },
    aliases: sourceAliases,
    positional: {
      kind: "array",
      parameter: { brief: "Who connects, and to whom: NAME[:PORT[/PROTOCOL]]", parse: String, placeholder: "SRC DST" },
    },
  },
  async func(this: Context, flags, ...ends) {
    const fail = (problem: string): void => {
      this.process.stderr.write(`podwall explain: ${problem}\n`);
      this.exitCode = 2;
    };
    const question = questionOf(flags, ends);
    if ("problem" in question) return fail(question.problem);
    const manifests = await loadManifests(this, flags.file ?? [], { whatIf: flags.whatIf ?? [], source: flags });
    if (manifests === undefined) return;
    printErrors(this, manifests.diagnostics);
    const { dialect } = flags;
    const read = clusterFrom(manifests.objects);
    const labels = labelsOf(flags);
    if (typeof labels === "string") return fail(labels);
    const isEnd = flags.newPod && question.kind !== "new-pod" && labels !== undefined;
    const given = isEnd ? withNewPod(read, { namespace: flags.namespace ?? "default", labels }).cluster : read;
    const behaviours = dialect === undefined ? [] : dialectEntries[dialect].behaviours;
    const cluster = dialect === undefined ? given : behaveAs(given, behaviours);
    const seen = { cluster, others: manifests.others, behaviours };
    const input: ExplainInput = { context: this, flags, manifests, given, cluster, seen };
    const answer = answerTo(input, question);
    if ("problem" in answer) return fail(answer.problem);
    const coverage = coverageIn(manifests, read);
    this.process.stdout.write(
      flags.format === "json"
        ? jsonOutput(answer.kind, { dialect, ...answer.fields, coverage: jsonCoverage(coverage) })
        : `${answer.text}\n`,
    );
    sayCoverage(this, coverage, flags.format);
    this.exitCode = answer.isYes ? 0 : 1;
  },
});

function answerTo(input: ExplainInput, question: Question): ExplainAnswer {
  switch (question.kind) {
    case "connection":
      return explainConnection(input, question);
    case "service":
      return explainService(input, question);
    case "world":
      return explainWorld(input, question);
    case "reach":
      return explainReach(input, question);
    case "new-pod":
      return explainNewPod(input);
    case "blast-radius":
      return explainBlastRadius(input, question);
  }
}

function parseHops(text: string): number {
  const hops = Number(text);
  if (!/^\d+$/.test(text) || hops < 1 || hops > 20) throw new RangeError("must be a number from 1 to 20");
  return hops;
}
