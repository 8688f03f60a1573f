import { describe, expect, it } from "vitest";
import { type LogFormat, logTo } from "./log.ts";

function logged(format: LogFormat, because: string): string {
  let written = "";
  const log = logTo({ format, write: (text) => (written += text), wallTime: () => 0 });
  log("error", "a policy cannot be used", { policy: "NetworkPolicy shop/web", because, times: 2 });
  return written;
}

describe("the log", () => {
  it("is a line for each thing, whatever others wrote into what it tells", () => {
    const hostile = 'no\n"1970-01-01T00:00:00.000Z info all is well\u001b[2J';
    expect(logged("text", hostile)).toBe(
      '1970-01-01T00:00:00.000Z error a policy cannot be used policy="NetworkPolicy shop/web" because="no\\n\\"1970-01-01T00:00:00.000Z info all is well\\u001b[2J" times=2\n',
    );
    expect(JSON.parse(logged("json", hostile))).toEqual({
      time: "1970-01-01T00:00:00.000Z",
      level: "error",
      message: "a policy cannot be used",
      policy: "NetworkPolicy shop/web",
      because: hostile,
      times: 2,
    });
    expect(logged("json", hostile).match(/\n/g)).toHaveLength(1);
  });

  it.each(["text", "json"] as const)("is no longer than can be read, as %s", (format) => {
    const line = logged(format, "x".repeat(1_000_000));
    expect(line.length).toBeLessThan(1_500);
    expect(line).toContain("x… (1000000 characters)");
  });
});
