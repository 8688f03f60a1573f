import { describe, expect, it } from "vitest";
import { digits, grouped, megabytes, seconds } from "./figures.ts";
import { recordSection } from "./record-section.ts";
import { table } from "./table.ts";

describe("a table", () => {
  it("has its columns in line, words to the left and figures to the right", () => {
    const rows = [
      ["100/50", "1.5", "stopped"],
      ["1k/500", "12.25", "ended"],
    ];
    expect(table(["profile", "s", "how"], rows)).toBe(
      [
        "| profile |     s | how     |",
        "| ------- | ----: | ------- |",
        "| 100/50  |   1.5 | stopped |",
        "| 1k/500  | 12.25 | ended   |",
      ].join("\n"),
    );
  });
});

describe("figures", () => {
  it("have three digits that count", () => {
    expect([0.01234, 1.2345, 12.345, 1234.5].map(digits)).toEqual(["0.012", "1.23", "12.3", "1235"]);
  });

  it("are seconds with their spread, megabytes and grouped counts", () => {
    expect(seconds({ median: 1500, min: 1000, max: 2000 })).toBe("1.50 (1.00–2.00)");
    expect(seconds({ median: 1500, min: 1500, max: 1500 })).toBe("1.50");
    expect(megabytes(123_400_000)).toBe("123");
    expect([0, 999, 1_000, 1_234_567].map(grouped)).toEqual(["0", "999", "1,000", "1,234,567"]);
  });
});

describe("a recorded section", () => {
  const page = "# Title\n\n<!-- begin: map -->\nold\n<!-- end: map -->\n\nafter\n";

  it("replaces the one of its name and nothing else", () => {
    expect(recordSection(page, "map", "new\n")).toBe(
      "# Title\n\n<!-- begin: map -->\nnew\n<!-- end: map -->\n\nafter\n",
    );
  });

  it("is added at the end where there is none of its name", () => {
    expect(recordSection("# Title\n", "map", "new")).toBe("# Title\n\n<!-- begin: map -->\nnew\n<!-- end: map -->\n");
  });

  it("is refused where the old one does not end", () => {
    expect(() => recordSection("<!-- begin: map -->\nold\n", "map", "new")).toThrow("has no");
  });
});
