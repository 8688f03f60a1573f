import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allManifests } from "../validation/all-manifests.ts";
import { networkPolicies } from "../validation/cases/network-policies.ts";
import { type Comparison, compare, compareBefore136 } from "../validation/compare.ts";
import { differences } from "../validation/differences.ts";
import { listedDifferences } from "../validation/listed-differences.ts";
import type { Manifest } from "../validation/manifest.ts";
import { definitionsLacking, policyDefinitions } from "../validation/policy-definitions.ts";
import { type Answer, ValidatingServer } from "../validation/validating-server.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeLacking } from "./support/kube-binaries.ts";
import { forAll } from "./support/kube-objects.ts";

const lacking = kubeLacking ?? definitionsLacking;
const suite = "podwall judges policies as an API server does";

describe.skipIf(lacking !== undefined)(lacking === undefined ? suite : `${suite} (skipped: ${lacking})`, () => {
  describe("that is strict about addresses, as from Kubernetes 1.36 on", () => {
    const server = startedServer(true);
    const compared = new Map<string, readonly Comparison[]>();
    const answers: Answer[] = [];

    beforeAll(async () => {
      for (const [kind, definition] of policyDefinitions()) await server().define(definition, kind);
      for (const [group, manifests] of Object.entries(allManifests)) {
        const judged = await judgeAll(server(), manifests);
        answers.push(...judged);
        compared.set(
          group,
          manifests.map((manifest, index) => compare(manifest, judged[index] as Answer)),
        );
      }
      console.log(tableOf(compared));
    }, buildTimeoutMs);

    it("over more than 2,000 manifests, each of another name, many of them good and many bad", () => {
      const manifests = Object.values(allManifests).flat();
      expect(new Set(manifests.map(({ name }) => name)).size).toBe(manifests.length);
      expect(manifests.length).toBeGreaterThan(2_000);
      for (const code of [201, 400, 422]) {
        expect(answers.filter((answer) => answer.code === code).length).toBeGreaterThan(400);
      }
      expect([...new Set(answers.map(({ code }) => code))].toSorted()).toEqual([201, 400, 422]);
    });

    it("in the same words and order, but for what docs/validation-differences.md lists", () => {
      const all = [...compared.values()].flat();
      expect(all.filter(({ unexplained }) => unexplained !== undefined)).toEqual([]);
      expect(Object.fromEntries(countsOf(all))).toEqual(Object.fromEntries(listedDifferences()));
    });
  });

  describe("of Kubernetes 1.35 and before, by default", () => {
    const server = startedServer(false);

    it("but for blocks with surplus bits or zeros and mapped ones, of which that one only warns, at the same fields", async () => {
      const blocks = networkPolicies.filter(({ text }) => text.includes("ipBlock"));
      const answers = await judgeAll(server(), blocks);
      const compared = blocks.map((manifest, index) => compareBefore136(manifest, answers[index] as Answer));
      expect(compared.filter(({ unexplained }) => unexplained !== undefined)).toEqual([]);
      const legacy = compared.filter(({ isLegacy }) => isLegacy).length;
      console.log(
        `${blocks.length} NetworkPolicies with blocks before 1.36: ${legacy} accepted with a warning that podwall refuses`,
      );
      expect(legacy).toBeGreaterThan(10);
    });
  });
});

/** Runs for the suite it is called in. */
function startedServer(isStrict: boolean): () => ValidatingServer {
  let api: KubeApi;
  let server: ValidatingServer;
  beforeAll(async () => {
    api = await KubeApi.start({ apiFlags: [`--feature-gates=StrictIPCIDRValidation=${isStrict}`] });
    server = new ValidatingServer(await api.access("admin"));
  }, buildTimeoutMs);
  afterAll(async () => {
    server?.close();
    await api?.stop();
  });
  return () => server;
}

async function judgeAll(server: ValidatingServer, manifests: readonly Manifest[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  await forAll(manifests.length, async (index) => {
    answers[index] = await server.judge(manifests[index] as Manifest);
  });
  return answers;
}

function countsOf(compared: readonly Comparison[]): ReadonlyMap<string, number> {
  const shown = compared.flatMap((one) => one.differences);
  return new Map(differences.map(({ id }) => [id, shown.filter((one) => one === id).length]));
}

function tableOf(compared: ReadonlyMap<string, readonly Comparison[]>): string {
  const groups = [...compared, ["all", [...compared.values()].flat()] as const];
  const rows = groups.map(([group, list]) => {
    const unexplained = list.filter((one) => one.unexplained !== undefined).length;
    const same = list.filter((one) => one.differences.length === 0 && one.unexplained === undefined).length;
    return [group, list.length, same, list.length - same - unexplained, unexplained];
  });
  return [["manifests", "compared", "identical", "listed", "unexplained"], ...rows]
    .map(([name, ...figures]) => [String(name).padEnd(32), ...figures.map((one) => String(one).padStart(12))].join(""))
    .join("\n");
}
