import { describe, expect, it } from "vitest";
import { processorTime, readProcessorTime, stolenShare } from "./processor-time.ts";

describe("the time of processors", () => {
  it("is read from the line of all of them, without guests' a second time", () => {
    const text = "cpu  100 20 30 800 10 5 5 30 7 0\ncpu0 50 10 15 400 5 2 3 15 3 0\nctxt 1\n";
    expect(readProcessorTime(text)).toEqual({ all: 1000, stolen: 30 });
    expect(readProcessorTime("cpu 1 2 3\n")).toBeUndefined();
    expect(readProcessorTime("cpu a b c d e f g h\n")).toBeUndefined();
    expect(processorTime("/proc/no-such-file")).toBeUndefined();
  });

  it("is stolen as far as the host says, between two looks", () => {
    expect(stolenShare({ all: 1000, stolen: 30 }, { all: 1200, stolen: 40 })).toBe(0.05);
    expect(stolenShare({ all: 1000, stolen: 30 }, { all: 1000, stolen: 30 })).toBeUndefined();
    expect(stolenShare(undefined, { all: 1000, stolen: 30 })).toBeUndefined();
  });
});
