import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ListItem, ListScanner } from "./list-scanner.ts";

function scan(text: string, { chunkBytes = 1_000_000, maxItemBytes = 1_000_000 } = {}) {
  const items: ListItem[] = [];
  const scanner = new ListScanner(maxItemBytes, (item) => items.push(item));
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += chunkBytes) scanner.push(bytes.subarray(i, i + chunkBytes));
  return { items, envelope: scanner.end() };
}

function texts(items: readonly ListItem[]): unknown[] {
  return items.map((item) => (item.kind === "item" ? JSON.parse(item.bytes.toString()) : item.kind));
}

describe("the list scanner", () => {
  it("finds what JSON.parse finds, whatever the items hold and wherever chunks end", () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const list = fc.record({
      kind: fc.constantFrom("PodList", "items", '"items":[', "\\"),
      metadata: fc.record({ resourceVersion: fc.string(), items: fc.array(value, { maxLength: 3 }) }),
      items: fc.array(fc.oneof(fc.dictionary(fc.string(), value), value), { maxLength: 6 }),
      more: value,
    });
    const space = fc.constantFrom(undefined, 1, "\t");
    fc.assert(
      fc.property(list, space, fc.integer({ min: 1, max: 40 }), (object, indent, chunkBytes) => {
        const { items, envelope } = scan(JSON.stringify(object, undefined, indent), { chunkBytes });
        const { items: all, ...rest } = JSON.parse(JSON.stringify(object));
        expect(texts(items)).toEqual(all);
        expect(JSON.parse(envelope ?? "")).toEqual({ ...rest, items: [] });
      }),
    );
  });

  it("gives only the beginning of an item that is too long, and goes on", () => {
    const items = [{ a: 1 }, { long: "x".repeat(300) }, { b: 2 }];
    const scanned = scan(JSON.stringify({ metadata: {}, items }), { maxItemBytes: 100, chunkBytes: 50 });
    expect(texts(scanned.items)).toEqual([{ a: 1 }, "cut", { b: 2 }]);
    expect(scanned.envelope).toBe('{"metadata":{},"items":[]}');
  });

  it("says that a list which breaks off is not whole", () => {
    expect(scan('{"metadata":{"resourceVersion":"7"},"items":[{"a":1},{"b"').envelope).toBeUndefined();
  });

  it("takes items: null, as the API writes some empty lists, for none", () => {
    expect(scan('{"items":null,"metadata":{}}')).toEqual({ items: [], envelope: '{"items":null,"metadata":{}}' });
  });
});
