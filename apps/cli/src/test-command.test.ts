import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runPodwall } from "./run-podwall.ts";
import { podwall } from "./testing/podwall.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "podwall-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Holds an example against assertions. */
async function podwallTest(assertions: string, rest = "", example = "dev-prod-isolation"): Promise<Outcome> {
  writeFileSync(join(folder, "podwall-test.yaml"), `assertions:\n${assertions}\n`);
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written) => ({ write: (text: string): void => void (written[name] += text) });
  const code = await runPodwall(["test", "-f", join(examples, example), ...rest.split(" ").filter(Boolean)], {
    process: { stdout: to("stdout"), stderr: to("stderr"), env: {} },
    cwd: folder,
    readStdin: () => Promise.resolve(""),
  });
  return { code, ...written };
}

const holds = "  - {name: dev stays out of prod, deny: {from: dev/*, to: {namespaces: {env: prod}}}}";
const fails = "  - {name: <prod> & dev, deny: {from: prod/api, to: dev/api, ports: TCP 8080}}";
const nobody = "  - {deny: {from: staging/*, to: dev/api}}";

describe("podwall test", () => {
  it("ends with 0 when everything is as asserted", async () => {
    expect(await podwallTest(holds)).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^ok {4}dev stays out of prod \(4 pairs\)\n1 assertion: 1 passed\nread 3 files, .*\n$/,
      ),
      stderr: "",
    });
  });

  it("explains a pair of what fails", async () => {
    const { code, stdout, stderr } = await podwallTest(`${holds}\n${fails}`);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain(
      "FAIL  <prod> & dev (podwall-test.yaml:3:5)\n      1 of 1 pair should exchange nothing of TCP 8080",
    );
    expect(stdout).toContain(
      "      prod/api-1 -> dev/api-1 TCP 8080: allowed\n        egress of prod/api-1: allowed, no policy",
    );
    expect(stdout).toMatch(/2 assertions: 1 passed, 1 failed\nread 3 files, .*\n$/);
  });

  it("does not take an assertion about nobody for a success", async () => {
    const { code, stdout } = await podwallTest(nobody);
    expect(code).toBe(1);
    expect(stdout).toContain("EMPTY deny staging/* -> dev/api (podwall-test.yaml:2:5)\n      nobody is staging/*\n");
    expect((await podwallTest("  - {deny: {from: dev/api, to: dev/api}}")).stdout).toContain("one and the same pod");
  });

  it("judges world, blocks and what is allowed", async () => {
    const { stdout } = await podwallTest(
      [
        "  - {name: open, allow: {from: world, to: dev/*, ports: [TCP 80, UDP 53]}}",
        "  - {name: closed, deny: {from: world, to: prod/*}}",
        "  - {name: some, allow: {from: prod-billing/ledger, to: prod/api, ports: any}}",
        "  - {name: not all, allow: {from: dev/api, to: prod/api}}",
        "  - {name: a block, deny: {from: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}, to: prod/api}}",
      ].join("\n"),
    );
    expect(
      [...stdout.matchAll(/^(ok|FAIL) +([a-z ]+)/gm)].map(([, outcome, name]) => `${outcome} ${name?.trim()}`),
    ).toEqual(["ok open", "ok closed", "ok some", "FAIL not all", "ok a block"]);
  });

  it("is one document in JSON", async () => {
    const { code, stdout } = await podwallTest(`${fails}\n${nobody}`, "--format json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      apiVersion: "podwall.dev/v1",
      kind: "AssertionResults",
      ok: false,
      results: [
        {
          outcome: "failed",
          failing: 1,
          place: { file: "podwall-test.yaml", line: 2, column: 5 },
          counterExample: { source: { pod: "prod/api-1" }, verdict: { allowed: true, port: 8080 } },
        },
        { outcome: "empty", reason: "nobody is staging/*" },
      ],
    });
  });

  it("is JUnit's XML, escaped", async () => {
    const { stdout } = await podwallTest(`${holds}\n${fails}`, "--format junit");
    expect(stdout).toContain('<testsuite name="podwall test" tests="2" failures="1" errors="0" skipped="0">');
    expect(stdout).toContain('<testcase name="&lt;prod&gt; &amp; dev" classname="podwall-test.yaml"');
    expect(stdout).toContain("prod/api-1 -&gt; dev/api-1 TCP 8080: allowed");
  });

  it("ends with 2 and says where when an assertion cannot be read, or there is none", async () => {
    const { code, stdout, stderr } = await podwallTest(`${holds}\n  - {deny: {from: dev, to: prod/*}}`);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain('podwall-test.yaml:3:19: error PW1012: assertions[1].deny.from: "dev" is nobody');
    const missing = await podwallTest(holds, "--assertions nowhere.yaml");
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("nowhere.yaml: no such file")]);
  });

  it("takes the assertions of the folder of manifests where the current one has none, and says where none has any", async () => {
    const shop = await podwall("test -f examples/dev-prod-isolation");
    expect([shop.code, shop.stdout]).toEqual([0, expect.stringMatching(/^3 assertions: 3 passed\nread 2 files, /m)]);
    const none = await podwall("test -f examples/deny-all");
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("there is no podwall-test.yaml here or in")]);
  });

  it("does not take the file of assertions for a manifest where both are in one folder", async () => {
    writeFileSync(join(folder, "pod.yaml"), "{apiVersion: v1, kind: Pod, metadata: {namespace: dev, name: api}}");
    const { stderr } = await podwallTest(holds, "-f .");
    expect(stderr).toBe("");
  });
});
