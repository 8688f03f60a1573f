import fc from "fast-check";
import { expect, it } from "vitest";
import { padLines } from "./padded-text.ts";

it("every character of a padded text leads back to itself in the original", () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "[", "]"), maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(lines, fc.array(fc.nat(5)), fc.integer({ min: 1, max: 5 }), (parts, chosen, width) => {
      const original = parts.join("\n");
      const starts = parts.map((_, index) => parts.slice(0, index).join("\n").length + (index > 0 ? 1 : 0));
      const padded = [...new Set(chosen)].filter((index) => index < starts.length).sort();
      const { text, toOriginal } = padLines(
        original,
        padded.map((index) => starts[index] as number),
        width,
      );
      expect(text.length).toBe(original.length + padded.length * width);
      let at = 0;
      for (const [offset, character] of [...text].entries()) {
        if (character === " ") continue;
        expect(toOriginal(offset)).toBe(at);
        expect(original[at]).toBe(character);
        at++;
      }
      expect(at).toBe(original.length);
    }),
  );
});
