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

/** Keeps fifty megabytes, of which it makes one object after the other anew. */
const renewing = `import { getHeapStatistics } from "node:v8";
  import { keepHeapSmall } from "./keep-heap-small.ts";
  keepHeapSmall();
  const kept = Array.from({ length: 400_000 }, (_, i) => ({ i, list: [i, i] }));
  let largest = 0;
  for (let i = 0; i < 1_500_000; i++) {
    kept[(i * 7919) % kept.length] = { i, list: [i, i] };
    if (i % 20_000 === 0) largest = Math.max(largest, getHeapStatistics().used_heap_size);
  }
  process.stdout.write(String(largest));`;

function printed(source: string): number {
  const resolveDir = fileURLToPath(new URL(".", import.meta.url));
  const { outputFiles } = buildSync({
    stdin: { contents: source, resolveDir, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  const argv = ["--input-type=module", "--eval", outputFiles[0]?.text ?? ""];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  expect(stderr).toBe("");
  return Number(stdout);
}

describe("a small heap", () => {
  it("has a space of new objects that stays small, however many live", () => {
    const largest = printed(program);
    // Without it, 17 MB on Node 20 and 67 MB on Node 24.
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(12e6);
  });

  it("is not much larger than what is kept, however much is made anew", () => {
    const largest = printed(renewing);
    // Without it, some 200 MB.
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(110e6);
  });
});
