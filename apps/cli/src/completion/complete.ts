import { proposeCompletions } from "@stricli/core";
import { app } from "../app.ts";
import type { Context } from "../context.ts";

/**
 * What may stand for the last word of a command line: a line for each, with a tab and what it is. Options only where a `-` is
 * typed, so that a shell offers files elsewhere.
 */
export async function complete(words: readonly string[], context: Context): Promise<string> {
  const partial = words.at(-1) ?? "";
  const proposals = await proposeCompletions(app, words, context);
  return proposals
    .filter(({ kind, completion }) => kind !== "argument:flag" || (partial.startsWith("-") && completion !== "--"))
    .map(({ completion, brief }) => `${completion}\t${brief}\n`)
    .join("");
}
