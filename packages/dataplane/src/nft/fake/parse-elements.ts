import type { RawElement, RawValue } from "./command.ts";
import type { RawField } from "./field.ts";
import type { TokenReader } from "./tokens.ts";

const plainVerdicts = ["accept", "drop", "continue", "return"];

/** Reads `{ key [counter packets N bytes N] [: value], … }`; a comma at the end is allowed. */
export function parseElements(reader: TokenReader): RawElement[] {
  reader.expect("{");
  const elements: RawElement[] = [];
  do {
    if (elements.length > 0 && reader.peek()?.text === "}") break;
    elements.push(parseElement(reader));
  } while (reader.accept(","));
  reader.expect("}");
  return elements;
}

function parseElement(reader: TokenReader): RawElement {
  const key = [parseField(reader)];
  while (reader.accept(".")) key.push(parseField(reader));
  const packets = reader.accept("counter") ? parseCounter(reader) : undefined;
  const value = reader.accept(":") ? parseValue(reader) : undefined;
  return { key, ...(packets === undefined ? {} : { packets }), ...(value === undefined ? {} : { value }) };
}

function parseField(reader: TokenReader): RawField {
  const quoted = reader.peek()?.kind === "string";
  return { text: quoted ? reader.string() : reader.word(), quoted };
}

function parseCounter(reader: TokenReader): number {
  reader.expect("packets");
  const packets = reader.number();
  reader.expect("bytes");
  reader.number();
  return packets;
}

function parseValue(reader: TokenReader): RawValue {
  const field = parseField(reader);
  if (field.quoted) return { kind: "field", field };
  if (plainVerdicts.includes(field.text)) return { kind: "verdict", verdict: { word: field.text } };
  if (field.text === "jump" || field.text === "goto") {
    return { kind: "verdict", verdict: { word: field.text, target: reader.word() } };
  }
  return { kind: "field", field };
}
