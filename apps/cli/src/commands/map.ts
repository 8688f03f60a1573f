import { clusterFrom } from "@podwall/engine";
import {
  connectionMap,
  jsonCoverage,
  mapCsv,
  mapDot,
  mapHtml,
  mapJson,
  mapMatrix,
  mapSvg,
  mapText,
  mapTotals,
  totalsJson,
  totalsText,
} from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import {
  type SourceFlags,
  type InputFlags,
  type WhatIfFlags,
  sourceAliases,
  sourceFlags,
  inputFlags,
  whatIfFlags,
} from "../flags.ts";
import { loadManifests, printErrors } from "../load-manifests.ts";
import { coverageIn, sayCoverage } from "../say-coverage.ts";

/** What can be told apart on a picture; of more, each namespace is one. */
const bounds = { dot: { ends: 150, cells: 2_000 }, svg: { ends: 120 }, html: { ends: 250 } } as const;

interface Flags extends InputFlags, SourceFlags, WhatIfFlags {
  readonly format: "text" | "json" | "csv" | "dot" | "svg" | "html";
  readonly totals: boolean;
}

export const mapCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Print who may talk to whom",
    fullDescription: [
      "Prints every pair of ends that may exchange something, with protocols and ports. Pods that policies treat alike are one",
      "end under their workload's name; one of several pods is a pair with itself, as they meet each other. A block that policies",
      "name is an end, but for smaller ones in it; `outside` is what none names, by family where these are treated differently.",
      "A pair is `unknown` where it depends on what the input does not say, which is named below.",
      "What is reached by a domain name is listed by that name, as its addresses are not known.",
      "As svg and html it is a table to look at; where there are too many ends for one, each namespace is an end.",
      "With --totals: how many pairs of pods of each two namespaces may talk.",
      "Exits with 0, or 2 on bad usage or input.",
      "Ends with 3 where the cluster does not answer, or there is no `helm` for a chart.",
      "",
      "Examples:",
      "  podwall map -f manifests/",
      "  podwall map -f manifests/ --format json",
      "  podwall map -f manifests/ --format html > map.html",
      "  podwall map -f manifests/ --format dot | dot -Tpdf -o map.pdf",
      "  podwall map -f manifests/ --totals",
      "  podwall map --context production --format csv",
      "  podwall map -f manifests/ --what-if new-policy.yaml",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...inputFlags,
      ...sourceFlags,
      ...whatIfFlags,
      format: {
        kind: "enum",
        values: ["text", "json", "csv", "dot", "svg", "html"],
        default: "text",
        brief: "How to print the answer",
      },
      totals: { kind: "boolean", brief: "Count pairs by namespace, and list none", default: false },
    },
    aliases: sourceAliases,
  },
  async func(this: Context, { file = [], whatIf = [], format, totals, ...flags }) {
    const fail = (problem: string): void => {
      this.process.stderr.write(`podwall map: ${problem}\n`);
      this.exitCode = 2;
    };
    if (totals && format !== "text" && format !== "json") return fail(`--totals are text or json, not ${format}`);
    const manifests = await loadManifests(this, file, { whatIf, source: flags });
    if (manifests === undefined) return;
    const errors = manifests.diagnostics.filter(({ severity }) => severity === "error");
    printErrors(this, manifests.diagnostics);
    const cluster = clusterFrom(manifests.objects);
    const coverage = coverageIn(manifests, cluster);
    const style = styleFor(this.process.stdout);
    const print = (text: string): unknown => this.process.stdout.write(text);
    if (totals) {
      const counted = mapTotals(cluster, manifests.others);
      print(format === "json" ? totalsJson(counted, { coverage: jsonCoverage(coverage) }) : `${totalsText(counted)}\n`);
    } else {
      const map = connectionMap(cluster, manifests.others);
      if (format === "dot" || format === "svg" || format === "html") {
        const matrix = mapMatrix(map, bounds[format]);
        if ("problem" in matrix) return fail(matrix.problem);
        print({ dot: mapDot, svg: mapSvg, html: mapHtml }[format](matrix));
      } else {
        print(
          {
            text: () => `${mapText(map, style)}\n`,
            json: () => mapJson(map, { coverage: jsonCoverage(coverage) }),
            csv: () => mapCsv(map),
          }[format](),
        );
      }
    }
    sayCoverage(this, coverage, format);
    this.exitCode = errors.length === 0 ? 0 : 2;
  },
});
