import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";

const program = `import { getHeapSpaceStatistics } from "node:v8";
  import { keepHeapSmall } from "./keep-heap-small.ts";
  keepHeapSmall();
  const kept = [];
  let largest = 0;
  for (let i = 0; i < 2_000_000; i++) {
    if (kept.push({ i, list: [i] }) > 200_000) kept.length = 0;
    if (i % 10_000 > 0) continue;
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    largest = Math.max(largest, space.space_size);
  }
  process.stdout.write(String(largest));`;

describe("a small heap", () => {
  it("has a space of new objects that stays small, however many live", () => {
    const resolveDir = fileURLToPath(new URL(".", import.meta.url));
    const { outputFiles } = buildSync({
      stdin: { contents: program, resolveDir, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      write: false,
    });
    const argv = ["--input-type=module", "--eval", outputFiles[0]?.text ?? ""];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
    expect(stderr).toBe("");
    // Without it, 17 MB on Node 20 and 67 MB on Node 24.
    expect(Number(stdout)).toBeGreaterThan(0);
    expect(Number(stdout)).toBeLessThan(12e6);
  });
});
