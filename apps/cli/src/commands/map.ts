import { clusterFrom } from "@podwall/engine";
import { connectionMap, mapJson, mapText, mapTotals, totalsJson, totalsText } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import {
  type FormatFlags,
  type InputFlags,
  type WhatIfFlags,
  formatFlags,
  inputAliases,
  inputFlags,
  whatIfFlags,
} from "../flags.ts";
import { loadManifests, printDiagnostics } from "../load-manifests.ts";

interface Flags extends InputFlags, FormatFlags, WhatIfFlags {
  readonly totals: boolean;
}

export const mapCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Print who may talk to whom",
    fullDescription: [
      "Prints every pair of ends that may exchange something, with protocols and ports. Pods that policies treat alike are one",
      "end under their workload's name. Blocks that policies name are ends, and so is `outside`, which no policy names.",
      "What is reached by a domain name is listed by that name, as its addresses are not known.",
      "With --totals: how many pairs of pods of each two namespaces may talk.",
      "Exits with 0, or 2 on bad usage or input.",
      "",
      "Examples:",
      "  podwall map -f manifests/",
      "  podwall map -f manifests/ --format json",
      "  podwall map -f manifests/ --totals",
      "  podwall map -f manifests/ --what-if new-policy.yaml",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...inputFlags,
      ...whatIfFlags,
      ...formatFlags,
      totals: { kind: "boolean", brief: "Count pairs by namespace, and list none", default: false },
    },
    aliases: inputAliases,
  },
  async func(this: Context, { file = [], whatIf = [], format, totals }) {
    const manifests = await loadManifests(this, file, { whatIf });
    if (manifests === undefined) return;
    const errors = manifests.diagnostics.filter(({ severity }) => severity === "error");
    printDiagnostics(this, errors);
    const cluster = clusterFrom(manifests.objects);
    const style = styleFor(this.process.stdout);
    const print = (text: string): unknown => this.process.stdout.write(text);
    if (totals) {
      const counted = mapTotals(cluster);
      print(format === "json" ? totalsJson(counted) : `${totalsText(counted)}\n`);
    } else {
      const map = connectionMap(cluster);
      print(format === "json" ? mapJson(map) : `${mapText(map, style)}\n`);
    }
    this.exitCode = errors.length === 0 ? 0 : 2;
  },
});
