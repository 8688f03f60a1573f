import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { clusterFrom, readManifests } from "@podwall/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Real manifests: the largest example's, and one of each case. */
const manifests = ["examples/online-shop", "tests/cases/every-workload-has-pods", "tests/cases/tier-named-ports"]
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((path) => /\.(ya?ml|json)$/.test(path));

/** What YAML is made of, and what a manifest is. */
const token = fc.constantFrom(
  ..."\n \t:-{}[]&*!|>'\"%@`#,?~<=\\\0\r\u0085\uFEFF\u2028\uD800a1".split(""),
  "\n  ",
  "\n---\n",
  "\n...\n",
  "---",
  ": ",
  "- ",
  "&a ",
  "*a",
  "<<: ",
  "!!binary ",
  "!!int ",
  "%YAML 1.1",
  "apiVersion: networking.k8s.io/v1\n",
  "kind: NetworkPolicy\n",
  "kind: List\n",
  "metadata: {name: a}\n",
  "spec:\n",
  "items:\n",
  "ingress: ",
  "ports: ",
  "port: ",
  "9".repeat(400),
  "0x",
  "1e999",
  "__proto__",
  "constructor",
);
const hostileText = fc.oneof(
  fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join("")),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("utf8")),
);

/** Reads a text as any command does; fails on whatever points outside it or says nothing. */
function readSafely(text: string): void {
  const { objects, diagnostics } = readManifests([{ name: "a.yaml", text }]);
  clusterFrom(objects);
  for (const { code, message, range, related = [] } of diagnostics) {
    expect(code).toMatch(/^PW\d{4}$/);
    expect(message).not.toBe("");
    for (const place of [range, ...related.map((other) => other.range)]) {
      expect(place !== undefined && 0 <= place.start && place.start <= place.end && place.start <= text.length).toBe(
        true,
      );
    }
  }
}

describe("reading", { timeout: 120_000 }, () => {
  it.each(manifests)("takes every beginning of %s", (path) => {
    const text = readFileSync(join(root, path), "utf8");
    for (let end = 0; end <= text.length; end++) readSafely(text.slice(0, end));
  });

  it("takes any text: it never throws, and points into the text", () => {
    fc.assert(fc.property(hostileText, readSafely), { numRuns: 1_500 });
  });

  it("takes any text in the place of a value, a key or an item", () => {
    const [manifest = ""] = manifests.map((path) => readFileSync(join(root, path), "utf8"));
    fc.assert(
      fc.property(fc.nat(manifest.length), fc.nat(20), hostileText, (at, removed, added) => {
        readSafely(manifest.slice(0, at) + added + manifest.slice(at + removed));
      }),
      { numRuns: 500 },
    );
  });
});
