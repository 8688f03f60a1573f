import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LabState, processStart, removeState, runningLabs, stateFolder, writeState } from "./state-file.ts";

describe.skipIf(process.platform !== "linux")("the state of running labs", () => {
  let runtime: string;

  beforeEach(() => {
    runtime = mkdtempSync(join(tmpdir(), "podwall-test-"));
  });

  afterEach(() => rmSync(runtime, { recursive: true }));

  async function stateOf(pid: number, startedAt: number): Promise<LabState> {
    const holderStart = (await processStart(process.pid)) ?? "";
    return { pid, startedAt, entrance: { holder: process.pid, ownUsers: false }, holderStart, places: [] };
  }

  it("lists labs, newest first", async () => {
    const folder = await stateFolder({ XDG_RUNTIME_DIR: runtime });
    await writeState(folder, await stateOf(1, 100));
    await writeState(folder, await stateOf(2, 200));
    expect((await runningLabs(folder)).map(({ pid }) => pid)).toEqual([2, 1]);
    await removeState(folder, 2);
    expect((await runningLabs(folder)).map(({ pid }) => pid)).toEqual([1]);
  });

  it("removes what a lab left whose process number belongs to another now", async () => {
    const folder = await stateFolder({ XDG_RUNTIME_DIR: runtime });
    await writeState(folder, { ...(await stateOf(1, 100)), holderStart: "1" });
    expect(await runningLabs(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
