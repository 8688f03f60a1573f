import { isObjectName } from "../command-text.ts";
import { NftError } from "../nft.ts";
import type { BaseChain, Command } from "./command.ts";
import { keywords } from "./keywords.ts";
import { parseElements } from "./parse-elements.ts";
import { parseRule } from "./parse-rule.ts";
import { parseSet } from "./parse-set.ts";
import { TokenReader } from "./tokens.ts";

/** Reads one command. Throws an `NftError` of kind `syntax`, for a name that is too long one of kind `other`. */
export function parseCommand(text: string): Command {
  const reader = new TokenReader(text);
  const verb = reader.word();
  const object = reader.word();
  reader.expect("inet");
  reader.expect("podwall");
  const command = parseRest(reader, `${verb} ${object}`);
  reader.end();
  return command;
}

function parseRest(reader: TokenReader, action: string): Command {
  switch (action) {
    case "add table":
      return { kind: "add-table", ...tableComment(reader) };
    case "delete table":
      return { kind: "delete-table" };
    case "add chain":
      return { kind: "add-chain", name: parseName(reader), ...baseChain(reader) };
    case "delete chain":
      return { kind: "delete-chain", name: parseName(reader) };
    case "flush chain":
      return { kind: "flush-chain", name: parseName(reader) };
    case "add rule":
      return { kind: "add-rule", chain: parseName(reader), rule: parseRule(reader) };
    case "add set":
      return { kind: "add-set", set: parseSet(reader, parseName(reader), "set") };
    case "add map":
      return { kind: "add-set", set: parseSet(reader, parseName(reader), "map") };
    case "delete set":
    case "delete map":
      return { kind: "delete-set", name: parseName(reader) };
    case "flush set":
    case "flush map":
      return { kind: "flush-set", name: parseName(reader) };
    case "add element":
      return { kind: "add-element", set: parseName(reader), elements: parseElements(reader) };
    case "delete element":
      return { kind: "delete-element", set: parseName(reader), elements: parseElements(reader) };
    default:
      throw reader.error(`unknown command "${action}"`);
  }
}

/** Linux `NFT_NAME_MAXLEN`, less the end of the string. */
const longestName = 255;

function parseName(reader: TokenReader): string {
  const name = reader.word();
  if (!isObjectName(name) || keywords.has(name)) throw reader.error(`${JSON.stringify(name)} cannot be a name`);
  if (name.length > longestName) throw new NftError("other", `Numerical result out of range: ${name}`);
  return name;
}

function tableComment(reader: TokenReader): { readonly comment?: string } {
  if (!reader.accept("{")) return {};
  const comment = reader.accept("comment") ? reader.string() : undefined;
  while (reader.accept(";"));
  reader.expect("}");
  return comment === undefined ? {} : { comment };
}

const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};
const hooks = ["prerouting", "input", "forward", "output", "postrouting"];

function baseChain(reader: TokenReader): { readonly base?: BaseChain } {
  if (!reader.accept("{")) return {};
  reader.expect("type");
  const type = oneOf(reader, ["filter", "nat", "route"]);
  reader.expect("hook");
  const hook = oneOf(reader, hooks);
  reader.expect("priority");
  const priority = parsePriority(reader);
  reader.expect(";");
  const policy = reader.accept("policy") ? oneOf(reader, ["accept", "drop"]) : "accept";
  while (reader.accept(";"));
  reader.expect("}");
  return { base: { type, hook, priority, policy } };
}

function parsePriority(reader: TokenReader): number {
  const negative = reader.accept("-");
  const word = reader.word();
  const base = priorities[word] ?? (/^[0-9]+$/.test(word) ? Number(word) : undefined);
  if (base === undefined || (negative && word in priorities))
    throw reader.error(`unknown priority ${JSON.stringify(word)}`);
  if (reader.accept("-")) return base - reader.number();
  if (reader.accept("+")) return base + reader.number();
  return negative ? -base : base;
}

function oneOf(reader: TokenReader, words: readonly string[]): string {
  const word = reader.word();
  if (!words.includes(word)) throw reader.error(`expected ${words.join(" or ")}`);
  return word;
}
