// Rules and texts of k8s.io/apimachinery 0.37 `api/validate/content` and `util/validation`. Each function returns
// what is wrong with a text, in the API server's words; nothing when it is good. Lengths are in bytes of UTF-8.

/** A name that may hold dots, such as a policy's. */
export function subdomainProblems(text: string): readonly string[] {
  if (text.length <= 253 && subdomain.test(text)) return good;
  return [
    ...tooLong(text, 253),
    ...(subdomain.test(text) ? [] : [regexError(subdomainRule, subdomainFormat, ["example.com"])]),
  ];
}

/** A name without dots, such as a namespace's. */
export function dnsLabelProblems(text: string): readonly string[] {
  if (text.length <= 63 && dnsLabel.test(text)) return good;
  const problems = tooLong(text, 63);
  if (dnsLabel.test(text)) return problems;
  if (subdomain.test(text)) return [...problems, "must not contain dots"];
  return [...problems, regexError(dnsLabelRule, dnsLabelFormat, ["my-name", "123-abc"])];
}

/** The key of a label or annotation: `name` or `prefix/name`. */
export function labelKeyProblems(text: string): readonly string[] {
  if (text.length <= 63 && (key.test(text) || prefixedKey.test(text))) return good;
  const parts = text.split("/");
  const rule = regexError(keyRule, keyFormat, ["MyName", "my.name", "123-abc"]);
  if (parts.length > 2) {
    return [`a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1) as string;
  const prefix = parts.length === 2 ? (parts[0] as string) : undefined;
  const ofPrefix = prefix === undefined ? [] : prefix === "" ? ["must be non-empty"] : subdomainProblems(prefix);
  const ofName = name === "" ? ["must be non-empty"] : tooLong(name, 63);
  return [
    ...ofPrefix.map((problem) => `prefix part ${problem}`),
    ...[...ofName, ...(key.test(name) ? [] : [rule])].map((problem) => `name part ${problem}`),
  ];
}

export function labelValueProblems(text: string): readonly string[] {
  const wellFormed = text === "" || key.test(text);
  if (wellFormed && text.length <= 63) return good;
  const rule = `a valid label must be an empty string or ${keyRule.slice("must ".length)}`;
  return [
    ...tooLong(text, 63),
    ...(wellFormed ? [] : [regexError(rule, `(${keyFormat})?`, ["MyValue", "my_value", "12345"])]),
  ];
}

/** The name of a port (IANA service name). */
export function portNameProblems(text: string): readonly string[] {
  // Here apimachinery says characters, and counts bytes as everywhere.
  const problems = byteLength(text) > 15 ? ["must be no more than 15 characters"] : [];
  if (!/^[-a-z0-9]+$/.test(text)) {
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(text)) problems.push("must contain at least one letter (a-z)");
  if (text.includes("--")) problems.push("must not contain consecutive hyphens");
  if (text.startsWith("-") || text.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}

/**
 * Nearly every name is good, and is found so first, before anything is made to say what is wrong. What passes the
 * patterns has only characters of one byte.
 */
const good: readonly string[] = [];

const dnsLabelFormat = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomainFormat = `${dnsLabelFormat}(\\.${dnsLabelFormat})*`;
const keyFormat = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const dnsLabel = new RegExp(`^${dnsLabelFormat}$`);
const subdomain = new RegExp(`^${subdomainFormat}$`);
const key = new RegExp(`^${keyFormat}$`);
const prefixedKey = new RegExp(`^${subdomainFormat}/${keyFormat}$`);

const dnsLabelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const keyRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

function regexError(rule: string, format: string, examples: readonly string[]): string {
  return `${rule} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}regex used for validation is '${format}')`;
}

function tooLong(text: string, limit: number): readonly string[] {
  return byteLength(text) > limit ? [`must be no more than ${limit} bytes`] : [];
}

/** How many bytes of UTF-8 a text is. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
