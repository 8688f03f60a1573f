import {
  checkGithub,
  checkJunit,
  checkMarkdown,
  checkSarif,
  jsonDiagnostic,
  jsonOutput,
  printable,
} from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import { type SourceFlags, type InputFlags, sourceAliases, sourceFlags, inputFlags, parsePath } from "../flags.ts";
import { version } from "../version.ts";
import { type LoadedManifests, loadManifests, printDiagnostics } from "../load-manifests.ts";

interface Flags extends InputFlags, SourceFlags {
  readonly format: "text" | "json" | "sarif" | "junit" | "github" | "markdown";
}

export const checkCommand = buildCommand<Flags, string[], Context>({
  docs: {
    brief: "Decode and validate manifests",
    fullDescription: [
      "Reads manifests and says what is wrong with them: where, why, and what to write instead.",
      "NetworkPolicies are decoded strictly and validated as the API server does.",
      "Exits with 0 when there are no errors, 1 when there are, 2 when something cannot be read.",
      "",
      "Examples:",
      "  podwall check policies/",
      "  podwall check charts/my-chart --values production.yaml",
      "  helm template my-chart | podwall check -",
      "  podwall check -f deploy.yaml -f policies/ --format json",
      "  podwall check --context production",
      "  podwall check policies/ --format sarif > podwall.sarif",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...inputFlags,
      ...sourceFlags,
      format: {
        kind: "enum",
        values: ["text", "json", "sarif", "junit", "github", "markdown"],
        default: "text",
        brief: "How to print the answer",
      },
    },
    aliases: sourceAliases,
    positional: { kind: "array", parameter: { brief: "More files or folders", parse: parsePath, placeholder: "PATH" } },
  },
  async func(this: Context, { file = [], format, ...source }, ...paths) {
    const manifests = await loadManifests(this, [...file, ...paths], { source });
    if (manifests === undefined) return;
    const { diagnostics, files, objects, ignored } = manifests;
    const errors = diagnostics.filter(({ severity }) => severity === "error").length;
    const report = { diagnostics, files: files.map(({ name }) => name), coverage: coverageText(manifests) };
    const texts = {
      text: () => {
        printDiagnostics(this, diagnostics);
        const style = styleFor(this.process.stdout);
        const answer = errors === 0 ? style.good("ok") : style.bad(counted(errors, "error"));
        return `${answer}: ${report.coverage}\n`;
      },
      json: () => {
        const coverage = { files: files.length, objects: objects.length, ignored: Object.fromEntries(ignored) };
        return jsonOutput("CheckResult", { ok: errors === 0, diagnostics: diagnostics.map(jsonDiagnostic), coverage });
      },
      sarif: () => checkSarif(report, version),
      junit: () => checkJunit(report),
      github: () => checkGithub(report),
      markdown: () => checkMarkdown(report),
    };
    this.process.stdout.write(texts[format]());
    this.exitCode = errors === 0 ? 0 : 1;
  },
});

/** `3 files, 12 objects (2 Deployment, 10 NetworkPolicy); not read: 4 ConfigMap`. */
function coverageText({ files, objects, ignored }: LoadedManifests): string {
  const kinds = new Map<string, number>();
  for (const { kind } of objects) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const list = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, count]) => `${count} ${printable(kind)}`)
      .join(", ");
  const read = objects.length === 0 ? "" : ` (${list(kinds)})`;
  const rest = ignored.size === 0 ? "" : `; kinds podwall does not use: ${list(ignored)}`;
  return `${counted(files.length, "file")}, ${counted(objects.length, "object")}${read}${rest}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
