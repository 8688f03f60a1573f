import { type NftElement, NftError } from "../nft.ts";
import type { RawElement, SetDeclaration, Verdict } from "./command.ts";
import { type Interval, formatField, meet, parseField } from "./field.ts";

/** A set or map with its elements. Changed in place; transactions work on copies. */
export class FakeSet {
  readonly declaration: SetDeclaration;
  readonly #elements: Map<string, StoredElement>;

  constructor(declaration: SetDeclaration, elements: ReadonlyMap<string, StoredElement> = new Map()) {
    this.declaration = declaration;
    this.#elements = new Map(elements);
  }

  copy(): FakeSet {
    return new FakeSet(this.declaration, this.#elements);
  }

  /**
   * Adds an element. The same key again is nothing new, unless a map would give another value. Intervals must not meet:
   * in this the kernel misses some cases in keys of several fields, and takes both.
   */
  add(raw: RawElement): void {
    const element = this.#read(raw);
    const id = idOf(element.key);
    const known = this.#elements.get(id);
    if (known !== undefined) {
      if (known.value !== element.value)
        throw exists(`${this.declaration.name} has ${describe(element)} with another value`);
      return;
    }
    if (this.#isInterval() && [...this.#elements.values()].some((other) => overlaps(other, element))) {
      throw exists(`interval overlaps with an existing one in ${this.declaration.name}: ${describe(element)}`);
    }
    const { size } = this.declaration;
    if (size !== undefined && size > 0 && this.#elements.size >= size) {
      throw new NftError("other", `Too many elements in ${this.declaration.name}, whose size is ${size}`);
    }
    this.#elements.set(id, element);
  }

  /** Deletes an element, which must have exactly this key. The value is not looked at. */
  delete(raw: RawElement): void {
    const key = this.#readKey(raw);
    if (!this.#elements.delete(idOf(key))) {
      throw new NftError("not-found", `${this.declaration.name} has no element ${describe({ key })}`);
    }
  }

  flush(): void {
    this.#elements.clear();
  }

  /** The chains that elements send packets to. */
  *targets(): Generator<string> {
    for (const { verdict } of this.#elements.values()) if (verdict?.target !== undefined) yield verdict.target;
  }

  elements(): NftElement[] {
    const { key: types, value: type } = this.declaration;
    return [...this.#elements.values()].map(({ key, value, verdict, packets }) => ({
      key: key.map((field, i) => formatField(types[i] as (typeof types)[number], field)),
      ...(verdict === undefined ? {} : { value: verdictJson(verdict) }),
      ...(typeof value === "bigint" && type !== undefined && type !== "verdict"
        ? { value: formatField(type, { first: value, last: value }) }
        : {}),
      ...(packets === undefined ? {} : { packets }),
    }));
  }

  #isInterval(): boolean {
    return this.declaration.flags.includes("interval");
  }

  #read(raw: RawElement): StoredElement {
    const key = this.#readKey(raw);
    const { counter, name, value: type } = this.declaration;
    if (raw.packets !== undefined && !counter) throw new NftError("other", `${name} has no counters`);
    const packets = raw.packets ?? (counter ? 0 : undefined);
    const stored = { key, ...(packets === undefined ? {} : { packets }) };
    if (type === undefined) {
      if (raw.value !== undefined) throw new NftError("syntax", `${name} is not a map`);
      return stored;
    }
    if (raw.value === undefined) throw new NftError("other", `an element of map ${name} without a value`);
    if (type === "verdict") {
      if (raw.value.kind !== "verdict") throw new NftError("syntax", `${name} holds verdicts`);
      const { verdict } = raw.value;
      return { ...stored, value: `${verdict.word} ${verdict.target ?? ""}`, verdict };
    }
    if (raw.value.kind !== "field") throw new NftError("syntax", `${name} holds ${type}, not verdicts`);
    const { first, last } = parseField(type, raw.value.field);
    if (first !== last) throw new NftError("syntax", `a range as a value in ${name}`);
    return { ...stored, value: first };
  }

  #readKey(raw: RawElement): Interval[] {
    const { name, key: types } = this.declaration;
    if (raw.key.length !== types.length) {
      throw new NftError("syntax", `${name} has keys of ${types.length} fields, not ${raw.key.length}`);
    }
    const key = types.map((type, i) => parseField(type, raw.key[i] as (typeof raw.key)[number]));
    if (!this.#isInterval() && key.some(({ first, last }) => first !== last)) {
      throw new NftError("syntax", `${name} lacks "flags interval" for ${describe({ key })}`);
    }
    return key;
  }
}

interface StoredElement {
  readonly key: readonly Interval[];
  /** A verdict as text. */
  readonly value?: bigint | string;
  readonly verdict?: Verdict;
  readonly packets?: number;
}

function idOf(key: readonly Interval[]): string {
  return key.map(({ first, last }) => `${first}-${last}`).join(" ");
}

function overlaps(a: StoredElement, b: StoredElement): boolean {
  return a.key.every((field, i) => meet(field, b.key[i] as Interval));
}

function verdictJson({ word, target }: Verdict): unknown {
  return { [word]: target === undefined ? null : { target } };
}

function describe(element: Pick<StoredElement, "key">): string {
  return idOf(element.key);
}

function exists(message: string): NftError {
  return new NftError("exists", message);
}
