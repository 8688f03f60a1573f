import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPodwall } from "./run-podwall.ts";

const manifests = fileURLToPath(new URL("../../../examples/dev-prod-isolation", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "podwall-what-if-"));
  const removed = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: prod, name: from-prod-only, annotations: {podwall.dev/remove: "true"}}}\n`;
  writeFileSync(join(folder, "open.yaml"), removed);
  writeFileSync(join(folder, "wrong.yaml"), removed.replace("from-prod-only", "from-prod-onyl"));
  writeFileSync(join(folder, "broken.yaml"), "kind: [");
  writeFileSync(join(folder, "podwall-test.yaml"), "assertions: [{deny: {from: dev/*, to: prod/*}}]\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function podwall(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) => ({ write: (text: string): void => void (written[name] += text) });
  const [command = "", ...rest] = line.split(" ");
  const code = await runPodwall([command, "-f", manifests, ...rest], {
    process: { stdout: to("stdout"), stderr: to("stderr"), env: {} },
    cwd: folder,
    readStdin: () => Promise.resolve(""),
  });
  return { code, ...written };
}

describe("--what-if", () => {
  it.each([
    ["explain", "dev/api prod/api:8080", [1, "8080: denied"], [0, "8080: allowed"]],
    ["test", "", [0, "1 passed"], [1, "1 failed"]],
    ["map", "", [0, "prod-billing/ledger -> prod/api"], [0, "dev/api             -> prod/api"]],
  ] as const)("is what %s answers for", async (command, rest, before, after) => {
    const line = (change: string): string => [command, change, rest].filter((part) => part !== "").join(" ");
    const was = await podwall(line(""));
    const is = await podwall(line("--what-if open.yaml"));
    expect([was.code, was.stdout]).toEqual([before[0], expect.stringContaining(before[1])]);
    expect([is.code, is.stdout]).toEqual([after[0], expect.stringContaining(after[1])]);
    expect(was.stdout).not.toContain(after[1]);
  });

  it("is what diff compares with", async () => {
    const { code, stdout } = await podwall("diff --what-if open.yaml");
    expect(code).toBe(1);
    expect(stdout).toContain("opened from outside\n  + every address -> prod/api  all\n");
    expect(stdout).toContain("opened across namespaces\n  + all of dev -> prod/api  all\n");
  });

  it.each([
    ["wrong.yaml", "did you mean NetworkPolicy prod/from-prod-only?"],
    ["broken.yaml", "broken.yaml:1:"],
    ["nowhere.yaml", "no such file"],
  ])("of %s ends with 2 and says why", async (file, why) => {
    for (const command of ["map", "diff", "test"]) {
      const { code, stdout, stderr } = await podwall(`${command} --what-if ${file}`);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(why);
    }
  });
});
