import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { clusterFrom, judgeAssertions, readAssertions } from "@podwall/engine";
import {
  assertionsGithub,
  assertionsJson,
  assertionsJunit,
  assertionsMarkdown,
  assertionsText,
  jsonCoverage,
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
  parsePath,
  whatIfFlags,
} from "../flags.ts";
import { loadFiles, loadManifests, printDiagnostics, printErrors } from "../load-manifests.ts";
import { coverageIn, sayCoverage } from "../say-coverage.ts";

interface Flags extends InputFlags, SourceFlags, WhatIfFlags {
  readonly format: "text" | "json" | "junit" | "github" | "markdown";
  readonly assertions?: readonly string[];
}

const defaultFile = "podwall-test.yaml";

export const testCommand = buildCommand<Flags, [], Context>({
  docs: {
    brief: "Hold manifests against assertions of who may talk to whom",
    fullDescription: [
      "Reads assertions from podwall-test.yaml, here or else in the folders that -f names, or from the files of --assertions,",
      "and judges each of every pair and port that it is about. What fails is shown with a pair and the reason; an assertion",
      "about nobody fails as that, and one that depends on what the input does not say as one that cannot be shown.",
      "Exits with 0 when all hold, 1 when one does not or cannot be shown, 2 on bad usage or input.",
      "Ends with 3 where the cluster does not answer, or there is no `helm` for a chart.",
      "",
      "  assertions:",
      "    - name: nothing in dev reaches prod",
      "      deny: {from: dev/*, to: {namespaces: {env: prod}}}",
      "    - name: customers reach the shop",
      "      allow: {from: world, to: shop/web, ports: [TCP 443]}",
      "",
      "Examples:",
      "  podwall test -f manifests/",
      "  podwall test -f manifests/ --assertions security/isolation.yaml",
      "  podwall test --context production --assertions security/isolation.yaml",
      "  podwall test -f manifests/ --format junit > results.xml",
      "  podwall test -f manifests/ --what-if new-policy.yaml",
    ].join("\n"),
  },
  parameters: {
    flags: {
      ...inputFlags,
      ...sourceFlags,
      ...whatIfFlags,
      format: {
        kind: "enum",
        values: ["text", "json", "junit", "github", "markdown"],
        default: "text",
        brief: "How to print the answer",
      },
      assertions: {
        kind: "parsed",
        parse: parsePath,
        variadic: true,
        optional: true,
        brief: `File of assertions (repeatable); ${defaultFile} by default`,
        placeholder: "FILE",
      },
    },
    aliases: sourceAliases,
  },
  async func(this: Context, { file = [], whatIf = [], format, assertions, ...flags }) {
    const named = assertions ?? defaultFiles(this, file);
    if (named.length === 0) {
      const mend = "write one, or name a file of assertions with --assertions FILE";
      this.process.stderr.write(
        `podwall test: there is no ${defaultFile} here or in a folder that -f names; ${mend}\n`,
      );
      this.exitCode = 2;
      return;
    }
    const files = await loadFiles(this, named);
    if (files === undefined) return;
    const read = files.map(readAssertions);
    const problems = read.flatMap(({ diagnostics }) => diagnostics);
    if (problems.length > 0) {
      printDiagnostics(this, problems);
      this.exitCode = 2;
      return;
    }
    // A folder of manifests may hold the assertions as well, which are no object.
    const manifests = await loadManifests(this, file, { except: files, whatIf, source: flags });
    if (manifests === undefined) return;
    const errors = manifests.diagnostics.filter(({ severity }) => severity === "error");
    printErrors(this, manifests.diagnostics);
    const cluster = clusterFrom(manifests.objects);
    const coverage = coverageIn(manifests, cluster);
    const results = judgeAssertions(
      cluster,
      read.flatMap(({ assertions }) => assertions),
      manifests.others,
    );
    const texts = {
      text: () => `${assertionsText(cluster, results, styleFor(this.process.stdout))}\n`,
      json: () => assertionsJson(cluster, results, { coverage: jsonCoverage(coverage) }),
      junit: () => assertionsJunit(cluster, results),
      github: () => assertionsGithub(cluster, results),
      markdown: () => assertionsMarkdown(cluster, results),
    };
    this.process.stdout.write(texts[format]());
    sayCoverage(this, coverage, format);
    this.exitCode = errors.length > 0 ? 2 : results.every(({ outcome }) => outcome === "passed") ? 0 : 1;
  },
});

/** The assertions of the current folder; where it has none, those of the folders of manifests. */
function defaultFiles({ cwd }: Context, paths: readonly string[]): readonly string[] {
  const isThere = (path: string): boolean => existsSync(resolve(cwd, path));
  return isThere(defaultFile) ? [defaultFile] : paths.map((path) => join(path, defaultFile)).filter(isThere);
}
