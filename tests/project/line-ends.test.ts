import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type SourceRange, formatRange, readManifests } from "@podwall/engine";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Every manifest of the cases and examples. */
const manifests = ["tests/cases", "examples"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(ya?ml|json)$/.test(path))
    .map((path) => join(folder, path)),
);

/** All that is read of a text, with lines and columns in place of offsets. */
function readingOf(text: string): string {
  const { objects, diagnostics, ignored } = readManifests([{ name: "a.yaml", text }]);
  return JSON.stringify([objects, diagnostics, [...ignored]], (key, value: unknown) =>
    key === "range" ? formatRange(value as SourceRange) : value instanceof Map ? [...value] : value,
  );
}

// Text with Windows line ends is not of the form that has a reader of its own, so this compares both readers.
describe("a manifest of this repository", () => {
  it("is found", () => {
    expect(manifests.length).toBeGreaterThan(50);
  });

  it.each(manifests)("%s means the same, and has the same positions, with Windows line ends", (path) => {
    const text = readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n");
    expect(readingOf(text.replaceAll("\n", "\r\n"))).toBe(readingOf(text));
  });
});
