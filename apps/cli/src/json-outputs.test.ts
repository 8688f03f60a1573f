import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { runPodwall } from "./run-podwall.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const schema = JSON.parse(readFileSync(`${root}docs/reference/output.schema.json`, "utf8"));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const bad =
  "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {ingress: [{ports: [{protocol: tcp}]}]}\n";

async function json(line: string): Promise<{ readonly kind: string }> {
  let stdout = "";
  const ignore = { write: () => undefined };
  await runPodwall([...line.split(" "), "--format", "json"], {
    process: { stdout: { write: (text: string) => void (stdout += text) }, stderr: ignore, env: {} },
    cwd: root,
    readStdin: () => Promise.resolve(bad),
  });
  return JSON.parse(stdout);
}

describe("the JSON of a command is as the schema in the docs says", () => {
  it.each([
    ["check examples/online-shop -", "CheckResult"],
    ["explain -f examples/or-trap team-b/console vault:8200", "Verdict"],
    ["explain -f examples/or-trap team-a/website vault:8200", "Verdict"],
    ["explain -f tests/cases/tier-admin-network-policy w/client x/web:9000", "Verdict"],
    ["explain -f examples/online-shop web/storefront shop/basket", "Connections"],
    ["explain -f examples/or-trap --edit --dialect cilium team-a/website vault:8200", "Verdict"],
    ["explain -f examples/online-shop --to data/orders-db", "Reach"],
    ["explain -f examples/online-shop world web/gateway:8443", "Reach"],
    ["explain -f examples/online-shop --blast-radius web/storefront", "BlastRadius"],
    ["explain -f examples/online-shop --new-pod -n web", "NewPod"],
    ["explain -f examples/online-shop --new-pod -n web --labels app=storefront", "NewPod"],
    ["explain -f examples/online-shop world web/svc/gateway", "WaysIn"],
    ["explain -f examples/online-shop web/gateway web/svc/storefront", "ServiceVerdicts"],
    ["map -f examples/online-shop", "ConnectionMap"],
    ["map -f tests/cases/tier-domain-names-are-by-name", "ConnectionMap"],
    ["map -f examples/online-shop --totals", "NamespaceTotals"],
    ["diff examples/redis-only/pods.yaml examples/redis-only", "ClusterDiff"],
    ["diff tests/cases/tier-domain-names-are-by-name examples/redis-only", "ClusterDiff"],
    [
      "test -f examples/dev-prod-isolation --assertions examples/dev-prod-isolation/podwall-test.yaml",
      "AssertionResults",
    ],
    ["test -f examples/redis-only --assertions examples/dev-prod-isolation/podwall-test.yaml", "AssertionResults"],
  ])("podwall %s", async (line, kind) => {
    const output = await json(line);
    validate(output);
    expect([output.kind, validate.errors ?? []]).toEqual([kind, []]);
  });

  it("which holds them to something", () => {
    expect(validate({ apiVersion: "podwall.dev/v1", kind: "CheckResult", ok: true, diagnostics: [{}] })).toBe(false);
  });
});
