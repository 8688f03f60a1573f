import { type ConnectionSet, type RuleSet, noConnections, portsOf } from "@podwall/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grantOf, grantsFor } from "./grants.ts";
import { isInSpans, spansOf } from "./spans.ts";

/** What an identity is allowed; null is nothing, and undefined that no identity has the number. */
const allowances = fc.array(fc.constantFrom(80, 81, null, undefined), { maxLength: 60 });

function rulesOf(allowed: readonly (number | null | undefined)[]) {
  const byIdentity = new Map<string, ConnectionSet>();
  const ids = new Map<string, number>();
  for (const [index, port] of allowed.entries()) {
    if (port === undefined) continue;
    ids.set(`identity ${index}`, index + 1);
    if (port !== null) byIdentity.set(`identity ${index}`, portsOf("TCP", [{ first: port, last: port }]));
  }
  const rules: RuleSet = { key: "rules", traffic: "ingress", common: noConnections, byIdentity };
  return { rules, ids, grants: grantsFor(rules, byIdentity.keys()) };
}

describe("the spans of a rule set", () => {
  it("say of each number what is granted it, or nothing, and hold no number of nobody", () => {
    fc.assert(
      fc.property(allowances, (allowed) => {
        const { rules, ids, grants } = rulesOf(allowed);
        const spans = spansOf(rules, grants, ids, 1);
        for (let id = 0; id <= allowed.length + 1; id++) {
          const span = spans.find(({ first, last }) => first <= id && id <= last);
          expect(isInSpans(spans, id)).toBe(span !== undefined);
          if (span !== undefined) expect(span.grant).toBe(grantOf(`identity ${id - 1}`, rules, grants)?.number);
        }
        for (const [index, { first, last, grant }] of spans.entries()) {
          expect(last).toBeGreaterThan(first);
          const next = spans[index + 1];
          if (next !== undefined) expect(next.first > last + 1 || next.grant !== grant).toBe(true);
          if (next !== undefined) expect(next.first).toBeGreaterThan(last);
        }
      }),
    );
  });

  it("are none where they spare too little, and the longest where there are too many", () => {
    const ten = rulesOf(Array.from({ length: 10 }, () => 80));
    expect(spansOf(ten.rules, ten.grants, ten.ids, 9)).toHaveLength(1);
    expect(spansOf(ten.rules, ten.grants, ten.ids, 10)).toEqual([]);
    const many = rulesOf(
      Array.from({ length: 300 }, (_, index) => [80, 80, ...(index % 50 === 0 ? [80] : []), null]).flat(),
    );
    const spans = spansOf(many.rules, many.grants, many.ids, 1);
    expect(spans).toHaveLength(256);
    expect(spans.filter(({ first, last }) => last - first === 2)).toHaveLength(6);
  });
});
