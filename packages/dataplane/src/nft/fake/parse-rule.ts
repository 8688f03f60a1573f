import type { Rule } from "./command.ts";
import { type TokenReader, tokensOf } from "./tokens.ts";

const closing: Readonly<Record<string, string>> = { "{": "}", "(": ")" };

/** Keeps a rule's text, and reads from it only what it refers to. */
export function parseRule(reader: TokenReader): Rule {
  const text = reader.rest();
  const tokens = tokensOf(text);
  const chains: string[] = [];
  const sets: string[] = [];
  const maps: string[] = [];
  const open: string[] = [];
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1];
    if (token.kind === "word" && (token.text === "jump" || token.text === "goto")) {
      if (next?.kind !== "word") throw reader.error(`${token.text} names no chain in ${JSON.stringify(text)}`);
      chains.push(next.text);
    }
    if (token.kind !== "symbol") continue;
    if (token.text in closing) open.push(closing[token.text] as string);
    if ((token.text === "}" || token.text === ")") && open.pop() !== token.text) {
      throw reader.error(`unexpected ${token.text} in ${JSON.stringify(text)}`);
    }
    // A comma after the name makes it a piece of the packet: @th,16,16.
    if (token.text !== "@" || next?.kind !== "word" || tokens[i + 2]?.text === ",") continue;
    sets.push(next.text);
    if (["map", "vmap"].includes(tokens[i - 1]?.text ?? "")) maps.push(next.text);
  }
  if (tokens.length === 0 || open.length > 0) throw reader.error(`an incomplete rule ${JSON.stringify(text)}`);
  return { text, chains, sets, maps };
}
