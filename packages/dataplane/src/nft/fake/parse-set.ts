import type { SetDeclaration } from "./command.ts";
import type { FieldType } from "./field.ts";
import type { TokenReader } from "./tokens.ts";

/** What `typeof` expressions hold. */
const expressions: Readonly<Record<string, FieldType>> = {
  "ip saddr": "ipv4_addr",
  "ip daddr": "ipv4_addr",
  "ip6 saddr": "ipv6_addr",
  "ip6 daddr": "ipv6_addr",
  "ct original ip saddr": "ipv4_addr",
  "ct original ip daddr": "ipv4_addr",
  "ct original ip6 saddr": "ipv6_addr",
  "ct original ip6 daddr": "ipv6_addr",
  "ct reply ip saddr": "ipv4_addr",
  "ct reply ip daddr": "ipv4_addr",
  "ct reply ip6 saddr": "ipv6_addr",
  "ct reply ip6 daddr": "ipv6_addr",
  iifname: "ifname",
  oifname: "ifname",
  "meta iifname": "ifname",
  "meta oifname": "ifname",
  "meta priority": "classid",
  "meta mark": "mark",
  "ct mark": "mark",
  "meta l4proto": "inet_proto",
  "th sport": "inet_service",
  "th dport": "inet_service",
  "tcp sport": "inet_service",
  "tcp dport": "inet_service",
  "udp sport": "inet_service",
  "udp dport": "inet_service",
};

const types: readonly string[] = [...new Set<string>(Object.values(expressions))];
const flagWords = ["interval", "dynamic", "timeout"];

/** Reads what stands in the braces of `add set` and `add map`. */
export function parseSet(reader: TokenReader, name: string, kind: "set" | "map"): SetDeclaration {
  reader.expect("{");
  let typed: Pick<SetDeclaration, "key" | "value" | "typeText"> | undefined;
  const rest: { flags: string[]; timeout?: string; size?: number; counter: boolean } = { flags: [], counter: false };
  while (!reader.accept("}")) {
    if (reader.accept(";")) continue;
    const word = reader.word();
    if (word === "type" || word === "typeof") typed = parseType(reader, word, kind);
    else if (word === "flags") rest.flags = parseFlags(reader);
    else if (word === "timeout") rest.timeout = parseTime(reader);
    else if (word === "size") rest.size = reader.number();
    else if (word === "counter") rest.counter = true;
    else if (word === "comment") reader.string();
    else throw reader.error(`unknown property ${JSON.stringify(word)} of a set`);
    reader.expect(";");
  }
  if (typed === undefined) throw reader.error("set definition does not specify key");
  return { name, kind, ...typed, ...rest };
}

function parseType(
  reader: TokenReader,
  word: "type" | "typeof",
  kind: "set" | "map",
): Pick<SetDeclaration, "key" | "value" | "typeText"> {
  const parts: string[][] = [[]];
  let value: string[] | undefined;
  for (let next = reader.peek(); next !== undefined && next.text !== ";"; next = reader.peek()) {
    if (kind === "map" && value === undefined && reader.accept(":")) value = [];
    else if (value === undefined && reader.accept(".")) parts.push([]);
    else {
      const words = value ?? parts.at(-1);
      words?.push(reader.word());
    }
  }
  if ((kind === "map") !== (value !== undefined)) throw reader.error(`a ${kind} whose type does not fit`);
  const key = parts.map((part) => fieldType(reader, word, part.join(" ")));
  const given = value?.join(" ");
  const typeText = `${word} ${parts.map((part) => part.join(" ")).join(" . ")}${given === undefined ? "" : ` : ${given}`}`;
  if (given === undefined) return { key, typeText };
  return { key, typeText, value: given === "verdict" ? given : fieldType(reader, word, given) };
}

function fieldType(reader: TokenReader, word: "type" | "typeof", text: string): FieldType {
  const type = word === "typeof" ? expressions[text] : types.includes(text) ? (text as FieldType) : undefined;
  if (type === undefined) throw reader.error(`unknown ${word} ${JSON.stringify(text)}`);
  return type;
}

function parseFlags(reader: TokenReader): string[] {
  const flags: string[] = [];
  do {
    const flag = reader.word();
    if (!flagWords.includes(flag)) throw reader.error(`unknown flag ${JSON.stringify(flag)}`);
    flags.push(flag);
  } while (reader.accept(","));
  return flags;
}

function parseTime(reader: TokenReader): string {
  const time = reader.word();
  if (!/^(?:[0-9]+(?:d|h|m|s|ms))+$/.test(time)) throw reader.error(`${JSON.stringify(time)} is no time`);
  return time;
}
