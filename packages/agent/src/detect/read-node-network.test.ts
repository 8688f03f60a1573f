import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { findBypasses } from "./find-bypasses.ts";
import { readNodeNetwork } from "./read-node-network.ts";

/** A program in nft's place, found before it. */
function nftIs(script: string): void {
  const folder = mkdtempSync(join(tmpdir(), "podwall-nft-"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, "nft"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "nft"), 0o700);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
}

describe("what is read of a node's network", () => {
  it("is waited for no longer than a while where nft hangs", async () => {
    nftIs("exec sleep 3600");
    await expect(readNodeNetwork(200)).rejects.toThrow("nft did not list flowtables within 200 ms");
  });

  it("is said to be unreadable where nft prints something else", async () => {
    nftIs('echo "# Warning: table ip nat is managed by iptables-nft, do not touch!"');
    const network = await readNodeNetwork();
    expect(() => findBypasses(network, { ranges: [], interfacePrefix: undefined })).toThrow(
      /^nft listed no flowtables, but "# Warning: table ip nat/,
    );
  });

  it("has no flowtables where there is no nft, or no kernel that knows them", async () => {
    nftIs('echo "netlink: Error: Could not process rule: Operation not supported" >&2; exit 1');
    expect((await readNodeNetwork()).flowtables).toBe("");
    vi.stubEnv("PATH", "/missing");
    expect((await readNodeNetwork()).flowtables).toBe("");
  });
});
