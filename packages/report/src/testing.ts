import { readFileSync } from "node:fs";
import type { Diagnostic } from "@podwall/engine";
import { SaxesParser } from "saxes";

/** Text that means something in every format: markup, escapes, commands, ends of lines, half of a character. */
export const hostile =
  "<script>alert(1)</script>|`a`\"'&amp;%0A,:::error::x##[warning]y]]>--><!-- [link](http://x) @team **b** $1$ \\ \r\n::error::z\u0000\u001b[31m\u202e\ud800 =cmd";

const text = "kind: NetworkPolicy\nspec:\n  bad: [x,\n    y]\n";

/** A diagnostic whose every text is given, about lines 3 and 4 of a file. */
export function diagnosticOf(words: string, rest: Partial<Diagnostic> = {}): Diagnostic {
  const range = { file: { name: words, text }, start: text.indexOf("[x"), end: text.indexOf("]") + 1 };
  const related = [{ message: words, range: { ...range, end: range.start + 1 } }];
  return { code: "PW2004", severity: "error", message: words, help: words, range, related, ...rest };
}

/** An element of XML. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Reads a document strictly: throws on what is not well-formed. */
export function readXml(xml: string): XmlElement {
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: XmlElement = { name, attributes, children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (part) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(xml).close();
  return root.children[0] ?? root;
}

/** What GitHub's runner reads of a line of a log (its ActionCommand); undefined where it is no command. */
export function readGithubCommand(line: string): { level: string; properties: object; message: string } | undefined {
  const match = /^\s*::([a-z]+)(?: ([^:]*))?::(.*)$/s.exec(line);
  if (match === null) return undefined;
  const [, level = "", properties = "", message = ""] = match;
  const pairs = properties.split(",").map((pair) => {
    const at = pair.indexOf("=");
    const value = data(
      pair
        .slice(at + 1)
        .replaceAll("%3A", ":")
        .replaceAll("%2C", ","),
    );
    return [pair.slice(0, at), value];
  });
  return { level, properties: Object.fromEntries(pairs), message: data(message) };
}

function data(written: string): string {
  return written.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

/** The file of a schema that is kept with the tests. */
export function schemaOf(name: string): object {
  return JSON.parse(readFileSync(new URL(`../../../tests/schemas/${name}.json`, import.meta.url), "utf8"));
}
