import { clip } from "../command-text.ts";
import { type NftElement, NftError, type NftObjects, type NftRule } from "../nft.ts";

/** Lists objects alone: commands about tables, even `list tables`, have nft 1.0.6 read every rule and element. */
export const listObjects = "list chains inet; list sets inet; list maps inet";

/** Lists rules and no elements; `list table` and `list chain` would have nft 1.0.6 read every element. */
export const listRules = "list ruleset inet";

/** The rules of table `inet podwall` from what `listRules` gives, by their handles and without what they count. */
export function rulesOf(output: string): NftRule[] {
  return itemsOf(output).flatMap(({ rule }) => {
    if (!isRecord(rule) || rule["table"] !== "podwall" || typeof rule["chain"] !== "string") return [];
    const text = JSON.stringify([rule["handle"], rule["expr"]], (key, value: unknown) =>
      key === "counter" ? true : value,
    );
    return [{ chain: rule["chain"], text }];
  });
}

/** The names in table `inet podwall` from what `listObjects` gives, one JSON text a line. */
export function objectsOf(output: string): NftObjects & { readonly maps: readonly string[] } {
  const items = output.split("\n").flatMap((line) => (line.trim() === "" ? [] : itemsOf(line)));
  const names = (kind: string): string[] =>
    items.flatMap(({ [kind]: item }) =>
      isRecord(item) && item["table"] === "podwall" && typeof item["name"] === "string" ? [item["name"]] : [],
    );
  const maps = names("map");
  return { chains: names("chain"), sets: [...names("set"), ...maps], maps };
}

/** The elements in `nft -j -n list set` or `list map`. */
export function elementsOf(output: string): NftElement[] {
  for (const item of itemsOf(output)) {
    const set = item["set"] ?? item["map"];
    if (!isRecord(set)) continue;
    const elements = Array.isArray(set["elem"]) ? set["elem"] : [];
    return elements.map((element) => elementOf(element, set));
  }
  throw new NftError("other", `nft listed no set: ${clip(output)}`);
}

type Json = Readonly<Record<string, unknown>>;

function itemsOf(output: string): Json[] {
  const root = parsed(output);
  const items = isRecord(root) ? root["nftables"] : undefined;
  if (!Array.isArray(items)) throw new NftError("other", `nft's output is not a list of objects: ${clip(output)}`);
  return items.filter(isRecord);
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch (cause) {
    throw new NftError("other", `nft's output is not JSON: ${clip(output)}`, { cause });
  }
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A set lists its keys, a map pairs of key and value; a key with a counter or timeout is wrapped in `elem`. */
function elementOf(element: unknown, set: Json): NftElement {
  const isMap = set["map"] !== undefined;
  const pair: readonly unknown[] = isMap && Array.isArray(element) ? element : [element];
  const wrapped = isRecord(pair[0]) && isRecord(pair[0]["elem"]) ? pair[0]["elem"] : undefined;
  const key = wrapped === undefined ? pair[0] : wrapped["val"];
  const fields: readonly unknown[] = isRecord(key) && Array.isArray(key["concat"]) ? key["concat"] : [key];
  const types = typesOf(set["type"]);
  const packets = packetsIn(wrapped);
  return {
    // Where nft cannot name a field's type it leaves it out, and positions say nothing.
    key: types.length === fields.length ? fields.map((field, i) => plainValue(field, types[i])) : fields,
    ...(pair.length > 1 ? { value: plainValue(pair[1], typesOf(set["map"])[0]) } : {}),
    ...(packets === undefined ? {} : { packets }),
  };
}

/**
 * The types of fields: a name, a list of them, or, as nft 1.1 says it of a set that was declared by `typeof`, the expressions. Of
 * those only the one matters that is listed otherwise than as a number.
 */
function typesOf(type: unknown): readonly unknown[] {
  if (!isRecord(type)) return Array.isArray(type) ? type : [type];
  const of = type["typeof"];
  const expressions = isRecord(of) && Array.isArray(of["concat"]) ? of["concat"] : [of];
  return expressions.map((expression: unknown) => {
    const meta = isRecord(expression) ? expression["meta"] : undefined;
    return isRecord(meta) && meta["key"] === "priority" ? "classid" : expression;
  });
}

function packetsIn(wrapped: Json | undefined): number | undefined {
  const counter = wrapped?.["counter"];
  return isRecord(counter) && typeof counter["packets"] === "number" ? counter["packets"] : undefined;
}

function plainValue(value: unknown, type: unknown): unknown {
  if (type !== "classid") return value;
  if (isRecord(value) && Array.isArray(value["range"])) return { range: value["range"].map(handleNumber) };
  return handleNumber(value);
}

/** `meta priority` is printed as a traffic control handle: two hexadecimal halves, or a word for none and all bits set. */
function handleNumber(value: unknown): unknown {
  if (value === "none") return 0;
  if (value === "root") return 0xffffffff;
  const match = typeof value === "string" ? /^([0-9a-f]{0,4}):([0-9a-f]{0,4})$/.exec(value) : null;
  if (match === null) return value;
  const half = (text: string | undefined): number =>
    Number.parseInt(text === undefined || text === "" ? "0" : text, 16);
  return half(match[1]) * 65536 + half(match[2]);
}
