import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { printable } from "../printable.ts";
import { readGithubCommand, readXml } from "../testing.ts";
import { csvLine } from "./csv-line.ts";
import { dotString } from "./dot-string.ts";
import { githubCommand, githubLine } from "./github-command.ts";
import { markdownBlock, markdownRow, markdownText } from "./markdown-text.ts";
import { xmlText } from "./xml-text.ts";

/** Mostly what means something somewhere. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(..."<>&\"'`*_[]()|~\\$#@!:,%;={}+-. \t\r\n0aA/?\u0000\u001b\u2028\ud800\udc00\ufffe"),
      fc.constantFrom(
        "::",
        "##[",
        "]]>",
        "<!--",
        "-->",
        "\r\n",
        "%0A",
        "&lt;",
        "://",
        "www.",
        "---",
        "1. ",
        "\\|",
        "</script>",
      ),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((parts) => parts.join(""));

const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

describe("any text", () => {
  it("is itself in XML, but for what XML cannot hold", () => {
    fc.assert(
      fc.property(text, (any) => {
        const { text: read, attributes } = readXml(`<a b="${xmlText(any)}">${xmlText(any)}</a>`);
        const expected = any.replaceAll(lone, "\ufffd").replaceAll(notXml, "\ufffd").replaceAll(/\r\n?/g, "\n");
        expect(read).toBe(expected);
        expect(attributes["b"]).toBe(expected.replaceAll(/[\t\n]/g, " "));
      }),
    );
  });

  it("is one command to GitHub's runner, and no command in a line", () => {
    fc.assert(
      fc.property(text, text, text, (title, message, name) => {
        const range = { file: { name, text: "a" }, start: 0, end: 1 };
        const line = githubCommand({ level: "error", title, message, range });
        expect(line).not.toMatch(/[\r\n]/);
        const read = readGithubCommand(line);
        expect(read).toMatchObject({ level: "error", properties: { title, file: name, line: "1" } });
        expect(read?.message).toBe(message.split("\n").map(printable).join("\n"));
        const plain = githubLine(printable(message));
        expect(plain).not.toContain("##[");
        expect(readGithubCommand(plain)).toBeUndefined();
      }),
    );
  });

  it("is one field of CSV", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const line = csvLine([a, b]);
        const fields = [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n$)/g)];
        expect(fields.map(([whole]) => whole).join("")).toBe(line);
        expect(fields).toHaveLength(2);
        for (const [, quoted, bare] of fields) expect(quoted ?? bare).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
    );
  });

  it("is one string to Graphviz", () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(dotString(any)).toMatch(/^"(?:[^"\\]|\\\\|\\")*"$/);
      }),
    );
  });

  it("is a cell's text, and one paragraph's, in Markdown", () => {
    const tagsIn = (html: string): Set<string> =>
      new Set([...html.matchAll(/<\/?([a-z!]\w*)/gi)].map(([, tag]) => tag ?? ""));
    fc.assert(
      fc.property(text, (any) => {
        const table = [
          ["a", "b"],
          ["---", "---"],
          [markdownText(any), "end"],
        ]
          .map(markdownRow)
          .join("\n");
        const html = marked.parse(table, { async: false });
        expect([...tagsIn(html)].sort()).toEqual(["table", "tbody", "td", "th", "thead", "tr"]);
        expect(html.match(/<td>/g)).toHaveLength(2);
        expect(html).toContain("<td>end</td>");
        const paragraph = tagsIn(marked.parse(`Read: ${markdownText(any)}`, { async: false }));
        expect([...paragraph]).toEqual(["p"]);
        const block = marked.parse(`${markdownBlock([printable(any), any])}\n\nend`, { async: false });
        expect(block.endsWith("</code></pre>\n<p>end</p>\n")).toBe(true);
      }),
    );
  });
});
