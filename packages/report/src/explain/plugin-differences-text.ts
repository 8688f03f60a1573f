import { type PluginDifference, behaviourEntries } from "@podwall/engine";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";

/** How an answer depends on the network plugin, a line each; `answerOf` says what it is under one. */
export function pluginDifferencesText(
  differences: readonly PluginDifference[],
  answerOf: (difference: PluginDifference) => string,
  style: Style,
): string {
  return differences
    .map((difference) => {
      const { meaning, who, source } = behaviourEntries[difference.behaviour];
      const where = printable(`where ${meaning}: ${who} (${source})`);
      return `  ${style.warn("depends on the network plugin")}: ${answerOf(difference)} ${where}`;
    })
    .join("\n");
}

/** The same for programs. */
export function jsonPluginDifferences(
  differences: readonly PluginDifference[],
  answerOf: (difference: PluginDifference) => string,
): readonly Readonly<Record<string, unknown>>[] {
  return differences.map((difference) => ({
    behaviour: difference.behaviour,
    ...behaviourEntries[difference.behaviour],
    answer: answerOf(difference),
  }));
}
