import { printable } from "../printable.ts";

/**
 * A quoted string of Graphviz' language in which a backslash is a backslash: labels have escapes of their own (`\N`, `\l`), so it
 * is doubled.
 */
export function dotString(text: string): string {
  return `"${printable(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
