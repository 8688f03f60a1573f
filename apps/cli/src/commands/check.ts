import {
  type Diagnostic,
  type Severity,
  type SourceFile,
  clusterFrom,
  dialectFindings,
  findMistakes,
  suppress,
} from "@podwall/engine";
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
  severityCounts,
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
import { loadSettings } from "../settings/load-settings.ts";
import { withSeverities } from "../settings/with-severities.ts";

type FailOn = Severity | "never";

interface Flags extends InputFlags, SourceFlags, DialectFlags {
  readonly format: "text" | "json" | "sarif" | "junit" | "github" | "markdown";
  readonly failOn: FailOn;
}

export const checkCommand = buildCommand<Flags, string[], Context>({
  docs: {
    brief: "Validate manifests and find mistakes in them",
    fullDescription: [
      "Reads manifests and says what is wrong with them: where, why, and what to write instead.",
      "NetworkPolicies are decoded strictly and validated as the API server does. With --dialect, rules that mean something",
      "else on that network plugin are named too.",
      "Valid ones are judged: pods cut off from DNS, peers that match nobody, rules without effect, and more. What is not wanted",
      "is left out by a comment, `# podwall-ignore PW3019: the reason`, or by its severity in the nearest podwall.yaml.",
      "Exits with 0 when there are no errors and no warnings, 1 when there are, 2 when something cannot be read.",
      "Ends with 3 where the cluster does not answer, or there is no `helm` for a chart.",
      "",
      "Examples:",
      "  podwall check policies/",
      "  podwall check charts/my-chart --values production.yaml",
      "  helm template my-chart | podwall check -",
      "  podwall check --dialect cilium policies/",
      "  podwall check -f deploy.yaml -f policies/ --format json",
      "  podwall check --context production",
      "  podwall check policies/ --format sarif > podwall.sarif",
      "  podwall check policies/ --fail-on error",
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
      failOn: {
        kind: "enum",
        values: ["error", "warning", "info", "never"],
        default: "warning",
        brief: "Least severity to end with 1 for",
      },
    },
    aliases: sourceAliases,
    positional: { kind: "array", parameter: { brief: "More files or folders", parse: parsePath, placeholder: "PATH" } },
  },
  async func(this: Context, { file = [], format, failOn, dialect, ...flags }, ...paths) {
    const manifests = await loadManifests(this, [...file, ...paths], { source: flags });
    if (manifests === undefined) return;
    const { files, objects, ignored, others, notes } = manifests;
    const settingsOf = await loadSettings(this, files);
    if (settingsOf === undefined) return;
    const cluster = clusterFrom(objects);
    const onPlugin = dialect === undefined ? [] : dialectFindings(cluster, dialect);
    const found = [
      ...manifests.diagnostics,
      ...findMistakes(objects, { ignored: ignored.keys(), others }),
      ...onPlugin,
    ];
    const diagnostics = inOrder(withSeverities(suppress(found, { files, notes }), settingsOf), files);
    const coverage = coverageIn(manifests, cluster);
    const isGood = !diagnostics.some((diagnostic) => fails(diagnostic, failOn));
    const report = {
      diagnostics,
      files: files.map(({ name }) => name),
      coverage: coverageText(coverage, plainStyle).replaceAll("\n", "; "),
    };
    const texts = {
      text: () => {
        printDiagnostics(this, withOneReasonEach(diagnostics));
        const style = styleFor(this.process.stdout);
        const counts = severityCounts(diagnostics);
        const answer = isGood ? style.good(diagnostics.length === 0 ? "ok" : `ok, ${counts}`) : style.bad(counts);
        return `${answer}: ${coverageText(coverage, style)}\n`;
      },
      json: () =>
        jsonOutput("CheckResult", {
          ok: isGood,
          diagnostics: diagnostics.map(jsonDiagnostic),
          coverage: jsonCoverage(coverage),
        }),
      sarif: () => checkSarif(report, version),
      junit: () => checkJunit(report),
      github: () => checkGithub(report),
      markdown: () => checkMarkdown(report),
    };
    this.process.stdout.write(texts[format]());
    this.exitCode = isGood ? 0 : 1;
  },
});

const severities: readonly Severity[] = ["info", "warning", "error"];

/** That a part of a cluster may not be read is nothing that its manifests could mend. */
const unreadPart = "PW1017";

function fails({ code, severity }: Diagnostic, failOn: FailOn): boolean {
  return code !== unreadPart && failOn !== "never" && severities.indexOf(severity) >= severities.indexOf(failOn);
}

/** By file, as they were read, and place. */
function inOrder(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): readonly Diagnostic[] {
  const numbers = new Map(files.map(({ name }, index) => [name, index]));
  const numberOf = ({ range }: Diagnostic): number => (range === undefined ? -1 : (numbers.get(range.file.name) ?? -1));
  const startOf = ({ range }: Diagnostic): number => range?.start ?? 0;
  return [...diagnostics].sort((a, b) => numberOf(a) - numberOf(b) || startOf(a) - startOf(b));
}

/** Why a code matters is said once. */
function withOneReasonEach(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const said = new Set<string>();
  return diagnostics.map((diagnostic) => {
    const { why: _, ...rest } = diagnostic;
    if (said.has(diagnostic.code)) return rest;
    said.add(diagnostic.code);
    return diagnostic;
  });
}
