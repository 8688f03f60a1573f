import { clusterFrom, connections, isEmpty, verdict } from "@podwall/engine";
import { pairJson, pairText, verdictJson, verdictText } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import { parseTarget } from "../find-endpoint.ts";
import { findEnds } from "../find-ends.ts";
import {
  type SourceFlags,
  type FormatFlags,
  type InputFlags,
  type WhatIfFlags,
  sourceAliases,
  sourceFlags,
  formatFlags,
  inputFlags,
  whatIfFlags,
} from "../flags.ts";
import { loadManifests, printErrors } from "../load-manifests.ts";

type Flags = InputFlags & SourceFlags & FormatFlags & WhatIfFlags;

export const explainCommand = buildCommand<Flags, [string, string], Context>({
  docs: {
    brief: "Say whether one end may talk to another, and why",
    fullDescription: [
      "SRC and DST are pods or workloads, [namespace/]name or [namespace/]kind/name, or IP addresses. With a port the answer",
      "is for one connection; without, for everything. Ports are those of the pod, not of a Service.",
      "Exits with 0 when it is allowed, 1 when it is denied, 2 on bad usage or input.",
      "",
      "Examples:",
      "  podwall explain -f manifests/ frontend cart:7070",
      "  podwall explain -f manifests/ shop/deployment/frontend kube-system/coredns:53/udp",
      "  podwall explain -f manifests/ payment 203.0.113.10:443",
      "  podwall explain -f manifests/ frontend cart",
      "  podwall explain --context production -n shop frontend cart:7070",
      "  podwall explain -f manifests/ --what-if new-policy.yaml frontend cart:7070",
    ].join("\n"),
  },
  parameters: {
    flags: { ...inputFlags, ...sourceFlags, ...whatIfFlags, ...formatFlags },
    aliases: sourceAliases,
    positional: {
      kind: "tuple",
      parameters: [
        { brief: "Who connects", parse: String, placeholder: "SRC" },
        { brief: "To whom: NAME[:PORT[/PROTOCOL]]", parse: String, placeholder: "DST" },
      ],
    },
  },
  async func(this: Context, { file = [], whatIf = [], format, ...flags }, from, to) {
    const fail = (problem: string): void => {
      this.process.stderr.write(`podwall explain: ${problem}\n`);
      this.exitCode = 2;
    };
    const target = parseTarget(to);
    if (typeof target === "string") return fail(target);
    const manifests = await loadManifests(this, file, { whatIf, source: flags });
    if (manifests === undefined) return;
    printErrors(this, manifests.diagnostics);
    const cluster = clusterFrom(manifests.objects);
    const ends = findEnds(cluster, { from, to: target.name, namespace: flags.namespace });
    if ("problem" in ends) return fail(ends.problem);
    const style = styleFor(this.process.stdout);
    if (target.port === undefined) {
      const { source, destination } = ends;
      this.process.stdout.write(
        format === "json"
          ? pairJson(cluster, source, destination)
          : `${pairText(cluster, source, destination, style)}\n`,
      );
      this.exitCode = isEmpty(connections(cluster, source, destination)) ? 1 : 0;
      return;
    }
    const answer = verdict(cluster, { ...ends, protocol: target.protocol, port: target.port });
    this.process.stdout.write(
      format === "json" ? verdictJson(cluster, answer) : `${verdictText(cluster, answer, style)}\n`,
    );
    this.exitCode = answer.allowed ? 0 : 1;
  },
});
