import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { clearMarksWith } from "./clear-marks.ts";

const mark = { shift: 16, bits: 16 };

/** A program in conntrack's place: a script for sh, whose variable `state` names a file of its own. */
function conntrack(script: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "podwall-conntrack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "conntrack");
  writeFileSync(program, `#!/bin/sh\nstate=${join(folder, "state")}\n${script}`);
  chmodSync(program, 0o700);
  return [program];
}

const connection = (value: number): string =>
  `udp      17 20 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 mark=${value} use=1`;

describe("clearing podwall's bits in the marks of connections", () => {
  it("goes on until none has any, whatever other bits it has", async () => {
    const command = conntrack(`
case "$1" in
  -L) if [ -e "$state" ]; then echo "${connection(0x1)}"; else echo "${connection(0xffff0001)}"; fi ;;
  -U) echo updated > "$state" ;;
esac
`);
    await clearMarksWith(command)(mark);
  });

  it("takes that nothing matched for good, and says what conntrack says of anything else", async () => {
    const nothing = conntrack('echo "conntrack v1.4.7 (conntrack-tools): 0 flow entries have been shown." >&2; exit 1');
    await clearMarksWith(nothing)(mark);
    const broken = conntrack('echo "Operation not permitted" >&2; exit 1');
    await expect(clearMarksWith(broken)(mark)).rejects.toThrow("conntrack -L -f ipv4 failed: Operation not permitted");
    await expect(clearMarksWith(["/missing/conntrack"])(mark)).rejects.toThrow(/conntrack -L -f ipv4 failed: .*ENOENT/);
    const stubborn = conntrack(`echo "${connection(0x10000)}"`);
    await expect(clearMarksWith(stubborn)(mark)).rejects.toThrow("1 connections kept podwall's bits");
  });

  it("lists again where the kernel told of connections faster than they were read", async () => {
    const command = conntrack(`
if [ -e "$state" ]; then echo "${connection(0)}"; exit 0; fi
echo tried > "$state"
echo "${connection(0x10000)}"
echo "Operation failed: No buffer space available" >&2
exit 1
`);
    await clearMarksWith(command)(mark);
  });

  it("keeps nothing of the connections it reads: a million of them are no more memory than one", async () => {
    const command = conntrack(`case "$3" in ipv4) yes "${connection(7)}" | head -n 1000000 ;; esac`);
    const before = process.memoryUsage.rss();
    let most = before;
    const looking = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 5);
    await clearMarksWith(command)(mark);
    clearInterval(looking);
    // It prints 113 MB.
    expect(most - before).toBeLessThan(60_000_000);
  });
});
