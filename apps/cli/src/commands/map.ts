import { clusterFrom } from "@podwall/engine";
import { connectionMap, mapJson, mapText } from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import { type FormatFlags, type InputFlags, formatFlags, inputAliases, inputFlags } from "../flags.ts";
import { loadManifests, printDiagnostics } from "../load-manifests.ts";

type Flags = InputFlags & FormatFlags;

export const mapCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Print who may talk to whom",
    fullDescription: [
      "Prints every pair of ends that may exchange something, with protocols and ports. Pods that policies treat alike are one",
      "end under their workload's name. Blocks that policies name are ends, and so is `outside`, which no policy names.",
      "Exits with 0, or 2 on bad usage or input.",
      "",
      "Examples:",
      "  podwall map -f manifests/",
      "  podwall map -f manifests/ --format json",
    ].join("\n"),
  },
  parameters: { flags: { ...inputFlags, ...formatFlags }, aliases: inputAliases },
  async func(this: Context, { file = [], format }) {
    const manifests = await loadManifests(this, file);
    if (manifests === undefined) return;
    const errors = manifests.diagnostics.filter(({ severity }) => severity === "error");
    printDiagnostics(this, errors);
    const map = connectionMap(clusterFrom(manifests.objects));
    this.process.stdout.write(format === "json" ? mapJson(map) : `${mapText(map, styleFor(this.process.stdout))}\n`);
    this.exitCode = errors.length === 0 ? 0 : 2;
  },
});
