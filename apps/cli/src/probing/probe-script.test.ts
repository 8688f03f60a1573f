import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { liveScript, probeScript } from "./probe-script.ts";
import { readRounds } from "./read-rounds.ts";

const folder = mkdtempSync(join(tmpdir(), "podwall-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a pod's log would have. */
async function bash(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await promisify(execFile)("bash", ["-c", script, "probes", ...args], {
    env: { ...process.env, ...env },
  });
  return stdout;
}

describe("the script of the probes", () => {
  it("says of each probe and round what agnhost says, in a word", async () => {
    const agnhost = join(folder, "agnhost");
    // It answers as agnhost's `connect` does, by the port it is asked for.
    writeFileSync(
      agnhost,
      '#!/bin/sh\ncase "$4" in *:1) exit 0;; *:2) echo TIMEOUT;; *) echo "OTHER: no route to host";; esac >&2\nexit 1\n',
    );
    chmodSync(agnhost, 0o755);
    const args = ["7 tcp 10.0.0.1 10.0.0.1:1", "8 udp 10.0.0.1 10.0.0.1:2", "9 sctp fd00::1 [fd00::1]:3"];
    const env = { AGNHOST: agnhost, TIMEOUT: "1s", ROUNDS: "2", PAUSE: "0" };
    const round = new Map([
      [7, "open"],
      [8, "TIMEOUT"],
      [9, "OTHER"],
    ]);
    const rounds = readRounds(await bash(probeScript, args, env));
    expect(rounds.map((own) => new Map([...own].toSorted(([a], [b]) => a - b)))).toEqual([round, round]);
  });
});

describe("the script of the live connection", () => {
  it("asks over one connection, and says when no answer comes any more", async () => {
    let connections = 0;
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      // From the second on it is as if packets were dropped.
      if (requests === 1) response.end("here");
    });
    server.on("connection", () => connections++);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const log = await bash(liveScript, ["127.0.0.1", String(port)], { ROUNDS: "3" });
    server.closeAllConnections();
    server.close();
    expect(readRounds(log).map((round) => round.get(0))).toEqual(["open", "silent", "silent"]);
    expect(connections).toBe(1);
  });
});
