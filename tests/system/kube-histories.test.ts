import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { resources } from "../../packages/kube/src/index.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { CutWay } from "./support/kube-cut.ts";
import { Follower, type FollowerOptions } from "./support/kube-follower.ts";
import { createNamespace, smallPod, unlessRefused } from "./support/kube-objects.ts";

const seed = Number(process.env["PODWALL_TEST_SEED"] ?? Date.now() % 2 ** 31);
const histories = 3;

type Step = { readonly kind: "write"; readonly write: Write } | { readonly kind: Mishap };
interface Write {
  readonly verb: "create" | "relabel" | "delete";
  readonly pod: string;
  readonly of: 0 | 1;
  readonly value: string;
}
type Mishap = "cut" | "hold" | "open" | "compact" | "pause" | "restart";

const write = fc.record<Write>({
  verb: fc.constantFrom("create", "create", "relabel", "relabel", "delete"),
  pod: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
  of: fc.constantFrom(0, 1),
  value: fc.constantFrom("red", "blue"),
});
const mishap = (kind: Mishap): fc.Arbitrary<Step> => fc.constant({ kind });
const history = fc.array(
  fc.oneof(
    { weight: 90, arbitrary: write.map((one): Step => ({ kind: "write", write: one })) },
    { weight: 4, arbitrary: mishap("cut") },
    { weight: 2, arbitrary: mishap("hold") },
    { weight: 6, arbitrary: mishap("open") },
    { weight: 2, arbitrary: mishap("compact") },
    { weight: 1, arbitrary: mishap("pause") },
    { weight: 1, arbitrary: mishap("restart") },
  ),
  { minLength: 150, maxLength: 200 },
);

const servers = [
  { name: "that lists by watch", apiFlags: [] },
  { name: "without WatchList", apiFlags: ["--feature-gates=WatchList=false"] },
];

const suite = describe.skipIf(kubeLacking !== undefined).each(servers);
suite(withKubernetes("watches of an API server $name"), ({ apiFlags }) => {
  let api: KubeApi;
  let way: CutWay;
  let namespaces: readonly string[] = [];
  let followers: readonly Follower[] = [];

  beforeAll(async () => {
    api = await KubeApi.start({ apiFlags });
    way = await CutWay.to(api.port);
  }, buildTimeoutMs);
  afterAll(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    await way?.close();
    await api?.stop();
  });

  const mishaps: Readonly<Record<Mishap, () => Promise<void> | void>> = {
    cut: () => way.cut(),
    hold: () => way.hold(),
    open: () => way.open(),
    compact: () => api.compact(),
    async pause() {
      api.pauseApi();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      api.resumeApi();
    },
    async restart() {
      await api.killApi();
      await api.startApi();
    },
  };

  async function carryOut({ verb, pod: name, of, value }: Write): Promise<void> {
    const { admin } = api;
    const namespace = namespaces[of] as string;
    const labels = { value };
    switch (verb) {
      case "create":
        await unlessRefused(["AlreadyExists"], admin.create(resources.pods, smallPod(name, labels), { namespace }));
        return;
      case "relabel":
        await unlessRefused(["NotFound"], admin.patch(resources.pods, { metadata: { labels } }, { namespace, name }));
        return;
      case "delete": {
        const query = { gracePeriodSeconds: 0 };
        await unlessRefused(["NotFound"], admin.delete(resources.pods, { namespace, name, query }));
      }
    }
  }

  async function startFollowers(): Promise<readonly Follower[]> {
    const access = await api.access("admin");
    const common = {
      access: { ...access, server: new URL(`https://127.0.0.1:${way.port}`) },
      resource: resources.pods,
      timeoutMs: 1_000,
    };
    const kinds: readonly Omit<FollowerOptions, keyof typeof common>[] = [
      { limits: { silenceMs: 1_000 } },
      { namespace: namespaces[0] as string, limits: { pageSize: 2, silenceMs: 1_500 } },
      { labelSelector: "value=red", limits: { pageSize: 3, silenceMs: 2_000 } },
    ];
    return kinds.map((kind) => new Follower({ ...common, ...kind }));
  }

  it(`end at what a fresh list says, after each of ${histories} random histories (seed ${seed})`, async () => {
    let count = 0;
    const problems = new Map<string, number>();
    const check = async (steps: readonly Step[]) => {
      namespaces = ["one", "two"].map((name) => `${name}-${count}`);
      count += 1;
      for (const name of namespaces) await createNamespace(api.admin, name);
      way.open();
      followers = await startFollowers();
      for (const step of steps) await (step.kind === "write" ? carryOut(step.write) : mishaps[step.kind]());
      way.open();
      for (const follower of followers) {
        await follower.catchesUpWith(api.admin);
        for (const code of follower.problemCodes()) problems.set(code, (problems.get(code) ?? 0) + 1);
        await follower.stop();
      }
    };
    // A history that fails is not made shorter: each try takes half a minute.
    await fc.assert(fc.asyncProperty(history, check), { numRuns: histories, seed, endOnFailure: true });
    console.log(`problems met: ${JSON.stringify(Object.fromEntries(problems))} seed ${seed}`);
  });
});
