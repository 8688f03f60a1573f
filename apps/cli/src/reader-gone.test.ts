import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { readerGone } from "./reader-gone.ts";

/** A stream that nobody reads: every write fails. */
function broken(code: string): Writable {
  const error = Object.assign(new Error(`write ${code}`), { code });
  return new Writable({ autoDestroy: false, write: (_chunk, _encoding, done) => done(error) });
}

describe("readerGone", () => {
  it("resolves at the first write that nobody reads, and passes over those after it", async () => {
    const stdout = broken("EPIPE");
    const gone = readerGone(stdout, broken("EPIPE"));
    stdout.write("one");
    stdout.write("two");
    await gone;
  });

  it("passes over diagnostics that nobody reads, and goes on", async () => {
    const stderr = broken("EPIPE");
    let resolved = false;
    void readerGone(broken("EPIPE"), stderr).then(() => {
      resolved = true;
    });
    await new Promise((written) => stderr.write("one", written));
    expect(resolved).toBe(false);
  });

  it("lets other failures be failures", () => {
    const stdout = broken("ENOSPC");
    void readerGone(stdout, broken("EPIPE"));
    expect(() => stdout.emit("error", Object.assign(new Error("no space"), { code: "ENOSPC" }))).toThrow("no space");
  });
});
