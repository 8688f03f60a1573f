import { type PluginDifference, behaviourEntries } from "@podwall/engine";
import { printable } from "../printable.ts";
import type { Style } from "../style.ts";

/**
 * How an answer depends on the network plugin, a line each; `answerOf` says what it is under one. Where the answer is for
 * one plugin, in what it differs there.
 */
export function pluginDifferencesText(
  differences: readonly PluginDifference[],
  answerOf: (difference: PluginDifference) => string,
  style: Style,
  plugin?: string,
): string {
  return differences
    .map((difference) => {
      const { meaning, who, source } = behaviourEntries[difference.behaviour];
      const of = plugin === undefined ? `where ${meaning}: ${who}` : `as ${meaning}`;
      const heading = plugin === undefined ? "depends on the network plugin" : `differs on ${plugin}`;
      return `  ${style.warn(heading)}: ${answerOf(difference)} ${printable(`${of} (${source})`)}`;
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
