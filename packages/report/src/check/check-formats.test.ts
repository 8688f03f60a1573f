import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { printable } from "../printable.ts";
import { diagnosticOf, hostile, readGithubCommand, readXml, schemaOf } from "../testing.ts";
import { checkGithub } from "./check-github.ts";
import { checkJunit } from "./check-junit.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { checkSarif } from "./check-sarif.ts";

function reportOf(words: string, severity: "error" | "warning" | "info" = "error") {
  return { diagnostics: [diagnosticOf(words, { severity })], files: [words, "good.yaml"], coverage: words };
}

const nowhere = {
  diagnostics: [{ code: "PW1016", severity: "error", message: "no such file" }] as const,
  files: [],
  coverage: "0 files",
};
const nothing = { diagnostics: [], files: ["good.yaml"], coverage: "1 file" };

describe("SARIF", () => {
  const { $schema: _, id: __, ...schema } = schemaOf("sarif-2.1.0") as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  it.each([
    ["nothing", nothing],
    ["what has no place", nowhere],
    ["a name with blanks", reportOf("policies/a b.yaml", "warning")],
    ["standard input", reportOf("<stdin>", "info")],
    ["a path from the root", reportOf("/srv/a:b.yaml")],
    ["a file of a revision", reportOf("main:policies/a.yaml")],
    ["hostile text", reportOf(hostile)],
  ])("of %s is valid by the standard's schema", (_, report) => {
    const valid = validate(JSON.parse(checkSarif(report, "1.2.3")));
    expect([valid, validate.errors ?? []]).toEqual([true, []]);
  });

  it("is held to the schema by this test", () => {
    expect(validate({ version: "2.1.0", runs: [{ tool: { driver: {} } }] })).toBe(false);
  });

  it("names the rule, the place and what to do", () => {
    const [run] = JSON.parse(checkSarif(reportOf("./p/a b.yaml"), "1.2.3")).runs;
    expect(run.tool.driver).toMatchObject({
      name: "podwall",
      version: "1.2.3",
      rules: [{ id: "PW2004", shortDescription: { text: "A protocol is not supported" } }],
    });
    expect(run.results).toMatchObject([
      {
        ruleId: "PW2004",
        ruleIndex: 0,
        level: "error",
        message: { text: "./p/a b.yaml\nHelp: ./p/a b.yaml" },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "p/a%20b.yaml" },
              region: { startLine: 3, startColumn: 8, endLine: 4, endColumn: 7 },
            },
          },
        ],
      },
    ]);
  });
});

describe("JUnit's XML", () => {
  it("has a suite a file, and a case that passed where there is no error", () => {
    const root = readXml(checkJunit(reportOf("a.yaml")));
    expect(root.attributes).toEqual({ name: "podwall", tests: "2", failures: "1", errors: "0", skipped: "0" });
    expect(root.children.map(({ attributes }) => attributes["name"])).toEqual(["a.yaml", "good.yaml"]);
    const [failed, passed] = root.children.flatMap(({ children }) => children);
    expect(failed?.attributes).toEqual({ name: "PW2004 a.yaml", classname: "a.yaml", file: "a.yaml", line: "3" });
    expect(failed?.children[0]?.text).toContain("a.yaml:3:8: error PW2004: a.yaml\n  3 |   bad: [x,");
    expect(passed?.children).toEqual([]);
  });

  it("keeps warnings as output, and fails for what has no place", () => {
    const [warned] = readXml(checkJunit(reportOf("a.yaml", "warning"))).children;
    expect(warned?.attributes["failures"]).toBe("0");
    expect(warned?.children.at(-1)).toMatchObject({ name: "system-out" });
    expect(warned?.children.at(-1)?.text).toContain("warning PW2004");
    expect(readXml(checkJunit(nowhere)).children[0]?.attributes).toMatchObject({
      name: "podwall check",
      failures: "1",
    });
  });

  it("is well-formed whatever is in it", () => {
    const [suite] = readXml(checkJunit(reportOf(hostile))).children;
    expect(suite?.children).toHaveLength(1);
    expect(suite?.children[0]?.children[0]?.attributes["message"]).toBe(printable(hostile).replace("\ud800", "\ufffd"));
  });
});

describe("GitHub's annotations", () => {
  it("say where and what, as the runner reads them", () => {
    const [line = ""] = checkGithub(reportOf("a,b:c.yaml")).split("\n");
    expect(line).toContain("file=a%2Cb%3Ac.yaml,");
    expect(readGithubCommand(line)).toEqual({
      level: "error",
      properties: { file: "a,b:c.yaml", line: "3", endLine: "4", title: "PW2004" },
      message: "a,b:c.yaml\nhelp: a,b:c.yaml",
    });
  });

  it("have columns where the place is on one line", () => {
    const { range } = diagnosticOf("a.yaml");
    const one = diagnosticOf("a.yaml", range && { range: { ...range, end: range.start + 3 } });
    const [line = ""] = checkGithub({ ...nothing, diagnostics: [one] }).split("\n");
    expect(readGithubCommand(line)?.properties).toMatchObject({ line: "3", endLine: "3", col: "8", endColumn: "10" });
  });

  it("come with errors first, and end with a line that sums up", () => {
    const diagnostics = (["info", "warning", "error"] as const).map((severity) => diagnosticOf("a", { severity }));
    const lines = checkGithub({ ...nothing, diagnostics })
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => readGithubCommand(line)?.level)).toEqual(["error", "warning", "notice", undefined]);
    expect(lines.at(-1)).toBe("1 error, 1 warning, 1 info: 1 file");
    expect(checkGithub(nothing)).toBe("no errors: 1 file\n");
  });

  it("are one command a diagnostic, whatever is in it", () => {
    const lines = checkGithub({ ...reportOf(hostile), coverage: `::error::${printable(hostile)}` }).split("\n");
    expect(lines).toHaveLength(3);
    expect(lines.map((line) => readGithubCommand(line)?.level)).toEqual(["error", undefined, undefined]);
    expect(lines[1]).not.toContain("##[");
    expect(readGithubCommand(lines[0] ?? "")?.properties).toMatchObject({ file: hostile, title: "PW2004" });
  });
});

describe("Markdown", () => {
  const rendered = (markdown: string) => marked.parse(markdown, { async: false });

  it("has a table of what was found, and the lines it is about", () => {
    const markdown = checkMarkdown(reportOf("a_b.yaml"));
    expect(markdown).toContain("| **error** | PW2004 | a\\_b.yaml:3:8 | a\\_b.yaml<br>help: a\\_b.yaml |");
    expect(rendered(markdown)).toContain('<pre><code class="language-text">a_b.yaml:3:8: error PW2004: a_b.yaml');
    expect(checkMarkdown(nothing)).toBe("### podwall check\n\nNo errors. Read: 1 file.\n");
  });

  it("shows text as it is, whatever is in it", () => {
    const html = rendered(checkMarkdown(reportOf(hostile)));
    const tags = new Set([...html.matchAll(/<(\w+)/g)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(
      [
        "br",
        "code",
        "details",
        "h3",
        "p",
        "pre",
        "strong",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
      ].sort(),
    );
    expect(html.match(/<td/g)).toHaveLength(4);
    expect(html).not.toContain("<!--");
    expect(html.replace(/<pre>.*<\/pre>/s, "")).not.toMatch(/@team/);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;|`a`");
  });

  it("cannot be led out of its block of code", () => {
    const html = rendered(checkMarkdown(reportOf("```\n````<b>")));
    expect(html).not.toContain("<b>");
  });
});
