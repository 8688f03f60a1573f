import {
  type ClusterDiff,
  type DiffBlock,
  behaveAs,
  clusterFrom,
  dialectEntries,
  diffClusters,
  isEmpty,
  noConnections,
  replicasBeside,
} from "@podwall/engine";
import { diffGithub, diffJson, diffMarkdown, diffText, jsonCoverage } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import { diffStates } from "../diff-states.ts";
import {
  type SourceFlags,
  type DialectFlags,
  type InputFlags,
  type WhatIfFlags,
  sourceAliases,
  sourceFlags,
  dialectFlags,
  inputFlags,
  parsePath,
  whatIfFlags,
} from "../flags.ts";
import { printErrors } from "../load-manifests.ts";
import { coverageIn, sayCoverage } from "../say-coverage.ts";

interface Flags extends InputFlags, SourceFlags, WhatIfFlags, DialectFlags {
  readonly format: "text" | "json" | "markdown" | "github";
  readonly git?: string;
  readonly openedOnly: boolean;
  readonly closedOnly: boolean;
}

export const diffCommand = buildCommand<Flags, string[], Context>({
  docs: {
    brief: "Say which connections a change opens and closes",
    fullDescription: [
      "Compares what two sets of manifests allow, not their text. BEFORE and AFTER are files or folders; with --git they are",
      "what a revision has in the paths that -f names, and what another has, or the files as they are now.",
      "With --context, BEFORE is what a cluster has now.",
      "With --dialect, AFTER is how that network plugin judges BEFORE, or how it judges AFTER where that is given.",
      "With --what-if, AFTER is BEFORE with that change, or AFTER is given and changed.",
      "Worst first: what opens from outside, to outside, across namespaces, within one; then what closes.",
      "What opens or closes as things are that the input does not say is marked with `?`, and that is named below.",
      "Exits with 0 when the same connections are allowed, 1 when some opened or closed, or may, 2 on bad usage or input.",
      "Ends with 3 where the cluster does not answer, or there is no `helm` for a chart.",
      "",
      "Examples:",
      "  podwall diff deployed/ proposed/",
      "  podwall diff --git main -f manifests/",
      "  podwall diff --git v1.2..v1.3 -f manifests/ --format markdown",
      "  podwall diff -f manifests/ --what-if new-policy.yaml",
      "  podwall diff --context production --what-if new-policy.yaml",
      "  podwall diff -f manifests/ --dialect cilium",
      "  helm template my-chart | podwall diff deployed/ - --opened-only",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...inputFlags,
      ...sourceFlags,
      ...whatIfFlags,
      ...dialectFlags,
      format: {
        kind: "enum",
        values: ["text", "json", "markdown", "github"],
        default: "text",
        brief: "How to print the answer",
      },
      git: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "A revision to compare the files with, or two as REV..REV",
        placeholder: "REV[..REV]",
      },
      openedOnly: { kind: "boolean", default: false, brief: "Look at what opens alone" },
      closedOnly: { kind: "boolean", default: false, brief: "Look at what closes alone" },
    },
    aliases: sourceAliases,
    positional: {
      kind: "array",
      parameter: { brief: "BEFORE and AFTER: files or folders", parse: parsePath, placeholder: "PATH" },
    },
  },
  async func(
    this: Context,
    { file = [], whatIf = [], format, git, dialect, openedOnly, closedOnly, ...source },
    ...paths
  ) {
    const states = await diffStates(this, {
      paths,
      files: file,
      whatIf,
      source,
      isOfDialect: dialect !== undefined,
      ...(git === undefined ? {} : { git }),
    });
    if ("problem" in states) {
      if (states.problem !== "") this.process.stderr.write(`podwall diff: ${states.problem}\n`);
      this.exitCode = 2;
      return;
    }
    const { before, after } = states;
    // What both states have in common was read once, and is said once.
    const all = new Set([before, after].flatMap(({ diagnostics }) => diagnostics));
    const errors = [...all].filter(({ severity }) => severity === "error");
    printErrors(this, [...all]);
    const was = clusterFrom(before.objects, { replicas: replicasBeside(after.objects) });
    const behaviours = dialect === undefined ? [] : dialectEntries[dialect].behaviours;
    const is = behaveAs(clusterFrom(after.objects, { replicas: replicasBeside(before.objects) }), behaviours);
    const seen = {
      before: { others: before.others },
      after: { others: after.others, blocksHoldPods: !behaviours.includes("blocks-skip-pods") },
    };
    const diff = narrowed(diffClusters(was, is, seen), openedOnly, closedOnly);
    const coverage = { before: coverageIn(before, was), after: coverageIn(after, is) };
    const texts = {
      text: () => `${diffText(diff, styleFor(this.process.stdout))}\n`,
      json: () =>
        diffJson(diff, {
          coverage: { before: jsonCoverage(coverage.before), after: jsonCoverage(coverage.after) },
        }),
      markdown: () => diffMarkdown(diff),
      github: () => diffGithub(diff),
    };
    this.process.stdout.write(texts[format]());
    sayCoverage(this, coverage.after, format);
    this.exitCode = errors.length > 0 ? 2 : diff.blocks.length === 0 ? 0 : 1;
  },
});

/** What is asked for; both together are everything. */
function narrowed(diff: ClusterDiff, openedOnly: boolean, closedOnly: boolean): ClusterDiff {
  if (openedOnly === closedOnly) return diff;
  const only = openedOnly ? "opened" : "closed";
  const left = openedOnly ? "closed" : "opened";
  const without = ({ unknown, ...block }: DiffBlock): DiffBlock => {
    const narrow = { ...block, [left]: noConnections };
    if (unknown === undefined || isEmpty(unknown[only])) return narrow;
    return { ...narrow, unknown: { ...unknown, [left]: noConnections } };
  };
  const blocks = diff.blocks.map(without).filter((block) => !isEmpty(block[only]) || block.unknown !== undefined);
  return { ...diff, only, blocks };
}
