import { diagnostic, type DiagnosticCode } from "./catalogue.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { SourceRange } from "./source-file.ts";
import type { SyntaxError } from "./syntax-error.ts";
import { renderHelp } from "./yaml-tree.ts";

/** Names the mistake behind a parser's complaint, and says what to write instead. */
export function explainSyntaxError(error: SyntaxError): Diagnostic {
  const line = lineAt(error.range);
  const [code, message, help] = explanations.find(([applies]) => applies(error, line))?.[1](error, line) ?? [
    "PW1001",
    lowerFirst(error.message),
    undefined,
  ];
  return diagnostic(code, message, { range: error.range, help });
}

type Explanation = (error: SyntaxError, line: string) => readonly [DiagnosticCode, string, string | undefined];

/** In this order; the first that applies explains the error. */
const explanations: readonly (readonly [(error: SyntaxError, line: string) => boolean, Explanation])[] = [
  [(_, line) => line.includes("{{"), () => ["PW1009", "this is a template, not YAML", renderHelp]],
  [
    ({ code, message }) => code === "TAB_AS_INDENT" || message.startsWith("tab characters"),
    () => ["PW1002", "a tab is used for indentation", "indent with spaces only: two for each level"],
  ],
  [
    ({ message }) => message.startsWith("Missing closing"),
    ({ message }) => ["PW1003", "this quote is not closed", `end the text with ${message.at(-6) ?? "a quote"}`],
  ],
  [
    ({ message }) => /must (?:be sufficiently indented and )?end with a/.test(message),
    ({ message }) => [
      "PW1003",
      lowerFirst(message),
      `close it with ${message.at(-1)}, or indent its lines further than the key's`,
    ],
  ],
  [(_, line) => missingSpace.test(line), explainMissingSpace],
  [
    ({ code }) => code === "BAD_SCALAR_START",
    ({ message }) => ["PW1001", lowerFirst(message), "put the value in quotes"],
  ],
  [
    ({ code }) => code === "BAD_DQ_ESCAPE",
    ({ message }) => ["PW1001", lowerFirst(message), "use single quotes, or write the backslash twice"],
  ],
  [
    ({ message }, line) => message.startsWith("Nested mappings") && /: .*: /.test(`${line} `),
    () => [
      "PW1001",
      "a second `: ` stands in one line",
      "put the value in quotes, or write the second key on a line of its own",
    ],
  ],
  [
    ({ message }, line) => message === "Unexpected scalar at node end" && /["']/.test(line),
    () => ["PW1001", "text follows where the value has ended", "put the whole value in one pair of quotes"],
  ],
  [
    ({ message }) => message === "Unexpected flow-map-start at node end",
    () => ["PW1001", "a second value follows where the first has ended", "put a line with `---` between documents"],
  ],
  [
    ({ message }) => /null byte|non-printable/.test(message),
    ({ message }) => ["PW1001", message, "take the character out, or write it as an escape in double quotes"],
  ],
  [
    ({ code }, line) =>
      /^(MULTILINE_IMPLICIT_KEY|MISSING_CHAR)$/.test(code) && /^\s*[A-Za-z]/.test(line) && !/:(\s|$)/.test(line),
    (_, line) => ["PW1001", "this line is neither `key: value` nor a list item", `write \`${shorten(line)}: VALUE\``],
  ],
  [
    ({ code, message }) => misaligned.has(code) || message.includes("indentation") || message.endsWith("at node end"),
    ({ message }) => ["PW1004", `the indentation does not fit: ${lowerFirst(message)}`, alignHelp],
  ],
];

const misaligned: ReadonlySet<string> = new Set(["BAD_INDENT", "BLOCK_AS_IMPLICIT_KEY", "MULTILINE_IMPLICIT_KEY"]);
const alignHelp = "start the keys of one mapping, or the dashes of one list, in the same column";

/** A key, its colon, and the value right after it. A URL's `//` and an IPv6 address's `::` are no such thing. */
const missingSpace = /^\s*(?:-\s+)*([A-Za-z][\w./-]*):([^\s:/].*)$/;

function explainMissingSpace(_: SyntaxError, line: string): ReturnType<Explanation> {
  const [, key, value] = missingSpace.exec(line) ?? [];
  const help = `write \`${key}: ${shorten(value ?? "")}\``;
  return ["PW1005", `a space is missing after \`${key}:\``, help];
}

function lineAt({ file, start }: SourceRange): string {
  const from = file.text.lastIndexOf("\n", start - 1) + 1;
  const to = file.text.indexOf("\n", start);
  return file.text.slice(from, to < 0 ? undefined : to).trimEnd();
}

function shorten(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 40 ? `${trimmed.slice(0, 40)}…` : trimmed;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
