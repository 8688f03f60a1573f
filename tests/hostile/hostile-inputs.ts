/** A text that is made to do harm, and what has to be said of it. */
export interface HostileInput {
  readonly name: string;
  /** Made only when it is asked for: some have a hundred million characters. */
  readonly content: () => string | Buffer;
  /** What is in the first message. */
  readonly says: RegExp;
}

const million = 1_000_000;
const policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n";
const tooDeep = /error PW1008: the document is nested too deeply/;
const tooManyAliases = /error PW1008: aliases stand for more than/;
const tooLarge = /error PW1008: the document is larger than 16 MB/;
const noUtf8 = /error PW1016: .*(not UTF-8|is not UTF-8 text)/;

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${line(index)}\n`).join("");
}

function hostile(name: string, says: RegExp, content: () => string | Buffer): HostileInput {
  return { name, says, content };
}

/** Inputs that are made to exhaust the stack, the memory, the patience or the terminal of who reads them. */
export const hostileInputs: readonly HostileInput[] = [
  hostile("100,000 brackets", tooDeep, () => "[".repeat(100_000)),
  hostile("100,000 brackets that are closed", tooDeep, () => "[".repeat(100_000) + "]".repeat(100_000)),
  hostile("100,000 braces", tooDeep, () => "{a: ".repeat(100_000) + "}".repeat(100_000)),
  hostile("100,000 objects of JSON", tooDeep, () => `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`),
  hostile("100,000 dashes", tooDeep, () => `${"- ".repeat(100_000)}a\n`),
  hostile("100,000 question marks", tooDeep, () => `${"? ".repeat(100_000)}a\n`),
  hostile("5,000 keys, each under the one before", tooDeep, () => lines(5_000, (depth) => `${" ".repeat(depth)}a:`)),
  hostile(
    "lists in lists",
    tooDeep,
    () => '{"apiVersion":"v1","kind":"List","items":['.repeat(1_000) + "]}".repeat(1_000),
  ),
  hostile("aliases that grow tenfold a line", tooManyAliases, () =>
    lines(
      30,
      (index) =>
        `a${index}: &a${index} [${
          index === 0
            ? "x"
            : Array(10)
                .fill(`*a${index - 1}`)
                .join(", ")
        }]`,
    ),
  ),
  hostile("aliases that grow as merge keys", tooManyAliases, () =>
    lines(200, (index) => {
      const merged =
        index === 0
          ? ""
          : `<<: [${Array(4)
              .fill(`*a${index - 1}`)
              .join(", ")}], l${index}: *a${index - 1}, `;
      return `a${index}: &a${index} {${merged}k${index}: x}`;
    }),
  ),
  hostile("one large mapping that is merged often", tooManyAliases, () => {
    const keys = Array.from({ length: 5_000 }, (_, index) => `k${index}: 1`);
    return `a: &a {${keys.join(", ")}}\n${lines(5_000, (index) => `b${index}: {<<: *a}`)}`;
  }),
  hostile("an anchor around its own alias", /error PW1007: /, () => "a: &a [*a]\n"),
  hostile("a mapping that merges itself", /error PW1007: /, () => "a: &a\n  <<: *a\n"),
  hostile(
    "a list of itself",
    /error PW1007: /,
    () => "apiVersion: v1\nkind: List\nitems: &a [{apiVersion: v1, kind: List, items: *a}]\n",
  ),
  hostile(
    "a list of what is no object",
    /error PW1011: /,
    () => "apiVersion: v1\nkind: List\nitems: [null, 1, a, [], {}]\n",
  ),
  hostile("random bytes", noUtf8, () =>
    Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * index * 31 + index * 7) % 251)),
  ),
  hostile("NUL bytes", /error PW1001: null byte is not allowed/, () => "kind: Pod\0\n"),
  hostile("UTF-16, little end first", noUtf8, () => Buffer.from("\uFEFFkind: Pod\n", "utf16le")),
  hostile("UTF-16, big end first", noUtf8, () => Buffer.from("\uFEFFkind: Pod\n", "utf16le").swap16()),
  hostile("UTF-16 without a mark", /error PW1001: null byte is not allowed/, () =>
    Buffer.from("kind: Pod\n", "utf16le"),
  ),
  hostile("a byte that is no UTF-8, in a comment", noUtf8, () =>
    Buffer.from("apiVersion: v1\nkind: Pod\n# caf\xE9\n", "latin1"),
  ),
  hostile(
    "another version of YAML",
    /error PW1001: the document is not of YAML 1\.1/,
    () => "%YAML 1.2\n---\nkind: Pod\n",
  ),
  hostile(
    "a tag that runs a program elsewhere",
    /error PW1012: /,
    () => "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: !!python/object/apply:os.system ['id']\n",
  ),
  hostile(
    "JSON that gives keys twice",
    /error PW1006: /,
    () =>
      '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a"},"spec":{"ingress":[],"ingress":[{}]}}',
  ),
  hostile(
    "keys that JavaScript's objects have",
    /error PW1013: unknown field "__proto__"/,
    () => `${policy}__proto__: {a: b}\nconstructor: {prototype: {a: b}}\n`,
  ),
  hostile(
    "huge numbers",
    /error PW10(01|12)|error PW20/,
    () =>
      `${policy}spec: {ingress: [{ports: [{port: ${"9".repeat(100_000)}}, {port: 0x${"f".repeat(100_000)}}, {port: 1e999}, {port: .nan}]}]}\n`,
  ),
  hostile(
    "escape sequences in names",
    /error PW2001: /,
    () =>
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "\\e[2J\\a", namespace: "\\x9b2J\\r\\n"}\n',
  ),
  hostile("escape sequences in the text", /error PW100[13]: /, () => `${policy}\x1b]0;title\x07: [\n`),
  hostile("escape sequences in unknown fields", /error PW1013: /, () => `${policy}"\\e[31m\\u202e\\u0085": 1\n`),
  hostile("half a million quotes", /error PW100[134]: /, () => '"'.repeat(500_000)),
  hostile("a line break in 300,000 brackets", tooDeep, () => "[\n".repeat(300_000)),
  hostile("2 million keys", /error PW1008: the document is larger than|error PW1011: /, () =>
    lines(2 * million, (index) => `k${index}:`),
  ),
  hostile("one key, 3 million times", /error PW1006: /, () => "k: v\n".repeat(3 * million)),
  hostile("5 million items", /error PW1008: the object is larger than 4 MB/, () => "- \n".repeat(5 * million)),
  hostile(
    "a policy of 390,000 bad ports",
    /error PW2005: /,
    () => `${policy}spec: {ingress: [{ports: [${"{port: 0},".repeat(390_000)}]}]}\n`,
  ),
  hostile(
    "a policy of 1.9 million null rules",
    /warning PW1015: /,
    () => `${policy}spec: {ingress: [${"~,".repeat(1.9 * million)}]}\n`,
  ),
  hostile(
    "a list of 7 million numbers",
    /error PW1011: /,
    () => `{"apiVersion":"v1","kind":"List","items":[${"1,".repeat(7 * million)}1]}`,
  ),
  hostile("8 million broken documents", /error PW1003: /, () => "---\nkind: [\n".repeat(8 * million)),
  hostile("16 million documents that are no objects", /error PW1011: /, () => "---\na\n".repeat(16 * million)),
  hostile("25 million document markers", /no object in the input/, () => "---\n".repeat(25 * million)),
  hostile("100 MB of one plain value", tooLarge, () => `a: ${"x".repeat(100 * million)}`),
  hostile("100 MB of one quoted value", tooLarge, () => `a: "${"x\\n".repeat(33 * million)}"\n`),
  hostile("100 MB of one block of text", tooLarge, () => `a: |\n${`  ${"x".repeat(97)}\n`.repeat(million)}`),
  hostile("100 MB of one line of brackets", tooLarge, () => `[${"a, ".repeat(33 * million)}]`),
  hostile(
    "100 MB of one line of JSON that breaks off",
    tooLarge,
    () =>
      `{"apiVersion":"v1","kind":"List","items":[${'{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}},'.repeat(1.7 * million)}`,
  ),
  hostile("100 MB of NUL bytes", tooLarge, () => Buffer.alloc(100 * million)),
  hostile("100 MB of line ends", /no object in the input/, () => "\n".repeat(100 * million)),
  hostile("100 MB of tabs", tooLarge, () => "a:\n\t- b\n".repeat(12 * million)),
  hostile("300 MB", /error PW1016: .* larger than 256 MB/, () => Buffer.alloc(300 * million, "a: b\n")),
];
