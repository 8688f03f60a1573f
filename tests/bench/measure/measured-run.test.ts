import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type MeasuredRun, measuredRun } from "./measured-run.ts";
import { spreadOf } from "./spread.ts";

const limits = { timeMs: 20_000, memoryBytes: 2 ** 30 };
const node = (script: string): [string, ...string[]] => [process.execPath, "-e", script];
const run = (script: string, more: Partial<typeof limits> = {}): Promise<MeasuredRun> =>
  measuredRun(node(script), { ...limits, ...more }, (measured) => measured);

describe.runIf(process.platform === "linux")("a measured run", () => {
  it("has the time, the processor time and the memory of a program that uses them", async () => {
    const idle = await run("setTimeout(() => {}, 300)");
    const busy = await run(
      "const until = Date.now() + 500; const kept = Buffer.alloc(200 * 2 ** 20, 1); while (Date.now() < until);",
    );
    expect(idle.ended).toEqual({ kind: "exited", code: 0 });
    expect(idle.wallMs).toBeGreaterThan(300);
    expect(busy.wallMs).toBeGreaterThan(500);
    expect(busy.peakBytes - idle.peakBytes).toBeGreaterThan(150 * 2 ** 20);
    expect(busy.cpuMs).toBeGreaterThan(50);
  });

  it("gives what the program wrote, and leaves no file", async () => {
    const script = "console.log('out'); console.error('err'); process.exit(3)";
    const { paths, texts, ended } = await measuredRun(node(script), limits, (measured, { stdout, stderr }) => ({
      paths: [stdout, stderr],
      texts: [readFileSync(stdout, "utf8"), readFileSync(stderr, "utf8")],
      ended: measured.ended,
    }));
    expect(texts).toEqual(["out\n", "err\n"]);
    expect(ended).toEqual({ kind: "exited", code: 3 });
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
  });

  it("is stopped at the time limit, and says so", async () => {
    const { ended, wallMs } = await run("setTimeout(() => {}, 60_000)", { timeMs: 500 });
    expect(ended).toEqual({ kind: "stopped", reason: "stopped at 0.5 s" });
    expect(wallMs).toBeLessThan(30_000);
  });

  it("is stopped at the memory limit, and says so", async () => {
    const hungry = "const kept = []; setInterval(() => kept.push(Buffer.alloc(2 ** 24, 1)), 5)";
    const { ended } = await run(hungry, { memoryBytes: 2 ** 28 });
    expect(ended).toEqual({ kind: "stopped", reason: "stopped at 0.3 GiB" });
  });

  it("of a program that is not there is an error", async () => {
    await expect(measuredRun(["/no/such/program"], limits, () => 1)).rejects.toThrow("/no/such/program");
  });
});

describe("a spread", () => {
  it("is the middle, the least and the most", () => {
    expect(spreadOf([3, 1, 9])).toEqual({ median: 3, min: 1, max: 9 });
    expect(spreadOf([4, 1, 2, 9])).toEqual({ median: 3, min: 1, max: 9 });
    expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 });
  });
});
