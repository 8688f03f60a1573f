/** What a manifest is made of. Keys are written in the order they were given. */
export type Yaml = string | number | boolean | readonly Yaml[] | YamlMap;

export interface YamlMap {
  readonly [key: string]: Yaml;
}

/** A document in block style, as people write manifests, with a line break at its end. */
export function yamlText(document: YamlMap): string {
  return `${mapLines(document).join("\n")}\n`;
}

function mapLines(map: YamlMap): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const text = inline(value);
    if (text !== undefined) return [`${scalarText(key)}: ${text}`];
    return [`${scalarText(key)}:`, ...blockLines(value).map((line) => `  ${line}`)];
  });
}

function blockLines(value: Yaml): string[] {
  if (!isList(value)) return mapLines(value as YamlMap);
  return value.flatMap((item) => {
    const [first = "", ...rest] = inline(item) === undefined ? blockLines(item) : [inline(item) as string];
    return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
  });
}

/** The text of what fits behind a key: scalars and what is empty. */
function inline(value: Yaml): string | undefined {
  if (typeof value === "string") return scalarText(value);
  if (typeof value !== "object") return `${value}`;
  if (isList(value)) return value.length === 0 ? "[]" : undefined;
  return Object.keys(value).length === 0 ? "{}" : undefined;
}

function isList(value: Yaml): value is readonly Yaml[] {
  return Array.isArray(value);
}

const plain = /^(?:[A-Za-z][A-Za-z0-9._/-]*|[0-9]+(?:\.[0-9]+){3}(?:\/[0-9]+)?)$/;
/** Words that are no strings to YAML 1.1. */
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function scalarText(text: string): string {
  return plain.test(text) && !reserved.test(text) ? text : JSON.stringify(text);
}
