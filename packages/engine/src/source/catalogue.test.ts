import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dialectFindings } from "../analyze/dialect/dialect-findings.ts";
import { findMistakes } from "../analyze/findings/find-mistakes.ts";
import { suppress } from "../analyze/findings/suppress.ts";
import { readManifests } from "../api/read-manifests.ts";
import { clusterFrom } from "../model/cluster-from.ts";
import { catalogue } from "./catalogue.ts";

const folder = new URL("../../../../docs/diagnostics/", import.meta.url);
const pages = readdirSync(folder).filter((name) => /^PW\d{4}\.md$/.test(name));
const codes = Object.entries(catalogue).map(([code, { title }]) => ({ code, title }));

/** Said of paths and clusters, not of text; the tests of what reads them cover it. */
const withoutText = new Set(["PW1016", "PW1017"]);

describe("the diagnostics catalogue", () => {
  it("has a page for every code, and no page without one", () => {
    expect(pages.map((name) => name.slice(0, -".md".length)).sort()).toEqual(codes.map(({ code }) => code).sort());
  });

  it("is listed whole on the overview page", () => {
    const overview = readFileSync(new URL("README.md", folder), "utf8");
    const listed = [...overview.matchAll(/^- \[(PW\d{4})\]\(PW\d{4}\.md\): (.*)$/gm)];
    expect(listed.map(([, code, title]) => ({ code, title }))).toEqual(codes);
  });

  it.each(codes)("$code's page is titled as the catalogue says", ({ code, title }) => {
    expect(pageOf(code).split("\n")[0]).toBe(`# ${code}: ${title}`);
  });

  it.each(codes.filter(({ code }) => !withoutText.has(code)))("$code is what its wrong example gets", ({ code }) => {
    expect(codesFor(code, exampleIn(code, "Wrong"))).toContain(code);
  });

  it.each(codes.filter(({ code }) => !withoutText.has(code)))(
    "nothing is said of $code's right example",
    ({ code }) => {
      const said = codesFor(code, exampleIn(code, "Right"));
      // The examples for reading and validation are parts, of which a finding may well be true.
      expect(code.startsWith("PW3") ? said : said.filter((one) => !one.startsWith("PW3"))).toEqual([]);
    },
  );
});

function pageOf(code: string): string {
  return readFileSync(new URL(`${code}.md`, folder), "utf8");
}

function exampleIn(code: string, heading: "Wrong" | "Right"): string {
  const example = pageOf(code).match(new RegExp(`## ${heading}\\n\\n\`\`\`yaml\\n([^]*?)\`\`\``))?.[1];
  if (example === undefined) throw new Error(`${code} has no ${heading} example`);
  return example;
}

function codesFor(code: string, text: string): readonly string[] {
  const files = [{ name: "example.yaml", text }];
  const { diagnostics, objects, notes } = readManifests(files);
  const found = suppress([...diagnostics, ...findMistakes(objects)], { files, notes });
  const onPlugins = code === "PW3901" ? dialectFindings(clusterFrom(objects), "cilium") : [];
  return [...found, ...onPlugins].map(({ code }) => code);
}
