/**
 * What an unquoted scalar means to Kubernetes, whose YAML library resolves by YAML 1.1 with changes
 * (go.yaml.in/yaml/v2 `resolve.go`): no base 60, dates stay text, `089` is a decimal float while `017` is octal.
 */
export function resolvePlain(text: string): string | number | boolean | null {
  if (text.length <= longestWord) {
    const word = words.get(text);
    if (word !== undefined) return word;
  }
  // Most texts are names: letters come after digits, and no number starts with one.
  if (text.charCodeAt(0) > nine || !/^[-+.0-9]/.test(text)) return text;
  const plain = text.startsWith(".") ? text : text.replaceAll("_", "");
  return smallIntegerOf(plain) ?? integerOf(plain) ?? floatOf(plain) ?? text;
}

const words: ReadonlyMap<string, boolean | number | null> = new Map<string, boolean | number | null>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

const longestWord = Math.max(...[...words.keys()].map((word) => word.length));
const nine = 57;

/** A decimal without a sign and of few digits, as ports are: what `integerOf` gives, without its expression. */
function smallIntegerOf(text: string): number | undefined {
  if (text.length > 9 || (text.length > 1 && text.startsWith("0"))) return undefined;
  let size = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    size = size * 10 + digit;
  }
  return text === "" ? undefined : size;
}

/** As Go's `strconv.ParseInt` with base 0 reads it; a number that needs more than 64 bits is no integer. */
function integerOf(text: string): number | undefined {
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const size = BigInt(hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : (decimal as string));
  const largest = sign === "-" ? 2n ** 63n : sign === "+" ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  if (size > largest) return undefined;
  return sign === "-" && size > 0n ? -Number(size) : Number(size);
}

function floatOf(text: string): number | undefined {
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
