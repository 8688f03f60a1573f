/** What policies and labels are made of. */
export type YamlValue = string | number | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** A value in block style, a line an item; empty lists and mappings in flow style. */
export function yamlLines(value: YamlValue): string[] {
  if (typeof value === "string") return [scalar(value)];
  if (typeof value === "number") return [`${value}`];
  if (isList(value)) return value.length === 0 ? ["[]"] : value.flatMap((item) => prefixed("- ", yamlLines(item)));
  const entries = Object.entries(value);
  if (entries.length === 0) return ["{}"];
  return entries.flatMap(([key, inner]) => {
    const lines = yamlLines(inner);
    const fits = typeof inner !== "object" || lines[0] === "{}" || lines[0] === "[]";
    const indent = isList(inner) ? "" : "  ";
    return fits ? [`${scalar(key)}: ${lines[0]}`] : [`${scalar(key)}:`, ...lines.map((line) => `${indent}${line}`)];
  });
}

/** A value on one line, which is JSON as well. */
export function yamlFlow(value: YamlValue): string {
  return JSON.stringify(value);
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

function prefixed(mark: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${index === 0 ? mark : " ".repeat(mark.length)}${line}`);
}

/** Plain where no reader of YAML 1.1 or 1.2 takes it for anything but this text. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z][\w./-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null|\.?(inf|nan))$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
