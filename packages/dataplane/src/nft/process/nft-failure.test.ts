import { describe, expect, it } from "vitest";
import { failureOf } from "./nft-failure.ts";

describe("nft's complaints", () => {
  it.each([
    ["Error: Could not process rule: File exists", "exists"],
    ["Error: conflicting intervals specified", "exists"],
    ["Error: interval overlaps with an existing one", "exists"],
    ["Error: Could not process rule: No such file or directory", "not-found"],
    ["Error: No such file or directory; did you mean chain ‘e6’ in table inet ‘podwall’?", "not-found"],
    ["Error: element does not exist", "not-found"],
    ["Error: Could not process rule: Device or resource busy", "busy"],
    ["netlink: Error: Could not process rule: Message too long", "too-long"],
    ["netlink: Error: cache initialization failed: Operation not permitted", "permission"],
    ["netlink: Error: cache initialization failed: Invalid argument", "unavailable"],
    ["Error: Could not process rule: Too many open files in system", "other"],
    ["/dev/stdin:3:1-4: Error: syntax error, unexpected newline, expecting string", "syntax"],
    ["Error: String exceeds maximum length of 16", "syntax"],
  ])("%s: %s", (text, kind) => {
    expect(failureOf(`${text}\n`)).toMatchObject({ name: "NftError", kind });
  });

  it("is nothing where nothing is wrong", () => {
    expect(failureOf("")).toBeUndefined();
    expect(failureOf("Warning: a thing is deprecated\n")).toBeUndefined();
  });

  it("names the command of a file that a line includes", () => {
    const commands = ["add chain inet podwall a", "add element inet podwall m { 10.0.0.1 : 2 }"];
    const carets = `${" ".repeat(29)}^^^^^^^^`;
    const stderr = `In file included from <cmdline>:1:1-26:\n/proc/self/fd/3:2:30-37: Error: Could not process rule: File exists\n${commands[1]}\n${carets}\n`;
    expect(failureOf(stderr, commands)?.message).toBe(
      'Could not process rule: File exists: add element inet podwall m { 10.0.0.1 : 2 } (at "10.0.0.1")',
    );
  });

  it("names the command whose line is told", () => {
    const commands = ["add chain inet podwall a", "add chain inet podwall accept"];
    const stderr = `/dev/stdin:2:24-29: Error: syntax error, unexpected accept\n${commands[1]}\n${" ".repeat(23)}^^^^^^\n`;
    expect(failureOf(stderr, commands)?.message).toBe(
      'syntax error, unexpected accept: add chain inet podwall accept (at "accept")',
    );
  });

  it("keeps messages short", () => {
    const command = `add element inet podwall m { ${"10.0.0.1, ".repeat(10_000)} }`;
    const failure = failureOf(`Error: Could not process rule: File exists\n${command}\n${"^".repeat(90_000)}\n`, [
      command,
    ]);
    expect(failure?.message.length).toBeLessThan(400);
  });
});
