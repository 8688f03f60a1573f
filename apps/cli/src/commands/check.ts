import { clusterFrom, dialectFindings } from "@podwall/engine";
import {
  checkGithub,
  checkJunit,
  checkMarkdown,
  checkSarif,
  coverageText,
  jsonCoverage,
  jsonDiagnostic,
  jsonOutput,
  plainStyle,
} from "@podwall/report";
import { buildCommand } from "@stricli/core";
import { styleFor } from "../colour.ts";
import type { Context } from "../context.ts";
import {
  type SourceFlags,
  type DialectFlags,
  type InputFlags,
  sourceAliases,
  sourceFlags,
  dialectFlags,
  inputFlags,
  parsePath,
} from "../flags.ts";
import { version } from "../version.ts";
import { loadManifests, printDiagnostics } from "../load-manifests.ts";
import { coverageIn } from "../say-coverage.ts";

interface Flags extends InputFlags, SourceFlags, DialectFlags {
  readonly format: "text" | "json" | "sarif" | "junit" | "github" | "markdown";
}

export const checkCommand = buildCommand<Flags, string[], Context>({
  docs: {
    brief: "Decode and validate manifests",
    fullDescription: [
      "Reads manifests and says what is wrong with them: where, why, and what to write instead.",
      "NetworkPolicies are decoded strictly and validated as the API server does. With --dialect, rules that mean something",
      "else on that network plugin are named too.",
      "Exits with 0 when there are no errors, 1 when there are, 2 when something cannot be read.",
      "",
      "Examples:",
      "  podwall check policies/",
      "  podwall check charts/my-chart --values production.yaml",
      "  helm template my-chart | podwall check -",
      "  podwall check --dialect cilium policies/",
      "  podwall check -f deploy.yaml -f policies/ --format json",
      "  podwall check --context production",
      "  podwall check policies/ --format sarif > podwall.sarif",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...inputFlags,
      ...sourceFlags,
      ...dialectFlags,
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
  async func(this: Context, { file = [], format, dialect, ...flags }, ...paths) {
    const manifests = await loadManifests(this, [...file, ...paths], { source: flags });
    if (manifests === undefined) return;
    const { files } = manifests;
    const cluster = clusterFrom(manifests.objects);
    const onPlugin = dialect === undefined ? [] : dialectFindings(cluster, dialect);
    const diagnostics = [...manifests.diagnostics, ...onPlugin];
    const coverage = coverageIn(manifests, cluster);
    const errors = diagnostics.filter(({ severity }) => severity === "error").length;
    const report = {
      diagnostics,
      files: files.map(({ name }) => name),
      coverage: coverageText(coverage, plainStyle).replaceAll("\n", "; "),
    };
    const texts = {
      text: () => {
        printDiagnostics(this, diagnostics);
        const style = styleFor(this.process.stdout);
        const answer = errors === 0 ? style.good("ok") : style.bad(counted(errors, "error"));
        return `${answer}: ${coverageText(coverage, style)}\n`;
      },
      json: () =>
        jsonOutput("CheckResult", {
          ok: errors === 0,
          diagnostics: diagnostics.map(jsonDiagnostic),
          coverage: jsonCoverage(coverage),
        }),
      sarif: () => checkSarif(report, version),
      junit: () => checkJunit(report),
      github: () => checkGithub(report),
      markdown: () => checkMarkdown(report),
    };
    this.process.stdout.write(texts[format]());
    this.exitCode = errors === 0 ? 0 : 1;
  },
});

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
