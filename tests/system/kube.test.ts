import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ApiAccess, resources } from "../../packages/kube/src/index.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { CutWay } from "./support/kube-cut.ts";
import { Follower, type FollowerOptions } from "./support/kube-follower.ts";
import { allowToRead, createNamespace, forAll, smallPod } from "./support/kube-objects.ts";

const configMaps = { group: "", version: "v1", plural: "configmaps" };

const servers = [
  { name: "that lists by watch", apiFlags: [], lists: "by watch" },
  { name: "without WatchList", apiFlags: ["--feature-gates=WatchList=false"], lists: "by pages" },
  {
    name: "without a watch cache",
    apiFlags: ["--watch-cache=false", "--feature-gates=WatchList=false"],
    lists: "by pages",
  },
] as const;

describe.skipIf(kubeLacking !== undefined).each(servers)(withKubernetes("a watch of an API server $name"), (server) => {
  let api: KubeApi;
  let way: CutWay;
  let namespace = "";
  let count = 0;
  const followers: Follower[] = [];

  beforeAll(async () => {
    api = await KubeApi.start({ apiFlags: server.apiFlags, users: ["reader"] });
    way = await CutWay.to(api.port);
  }, buildTimeoutMs);
  afterAll(async () => {
    await way?.close();
    await api?.stop();
  });
  afterEach(async () => {
    way.open();
    for (const follower of followers.splice(0)) await follower.stop();
  });

  async function newNamespace(): Promise<void> {
    namespace = `test-${count++}`;
    await createNamespace(api.admin, namespace);
  }

  /** The admin's access, by a way that can be cut. */
  async function cutAccess(): Promise<ApiAccess> {
    const access = await api.access("admin");
    return { ...access, server: new URL(`https://127.0.0.1:${way.port}`) };
  }

  async function follow(options: Partial<FollowerOptions> = {}): Promise<Follower> {
    const access = options.access ?? (await cutAccess());
    const follower = new Follower({ resource: resources.pods, namespace, ...options, access });
    followers.push(follower);
    return follower;
  }

  const create = (name: string, labels = {}) => api.admin.create(resources.pods, smallPod(name, labels), { namespace });
  const relabel = (name: string, value: string) =>
    api.admin.patch(resources.pods, { metadata: { labels: { value } } }, { namespace, name });
  const remove = (name: string) =>
    api.admin.delete(resources.pods, { namespace, name, query: { gracePeriodSeconds: 0 } });

  it("begins with all there is and follows every change", async () => {
    await newNamespace();
    await create("before");
    const follower = await follow();
    await follower.until("in sync", () => follower.count("synced") === 1);
    await follower.catchesUpWith(api.admin);
    await create("after");
    await relabel("before", "new");
    await follower.catchesUpWith(api.admin);
    await remove("before");
    await follower.catchesUpWith(api.admin);
    expect([...follower.objects.keys()]).toEqual([`${namespace}/after`]);
    expect(follower.problems).toEqual([]);
    const isByWatch = follower.asked.length === 1 && follower.asked[0]?.["sendInitialEvents"] === true;
    expect(isByWatch ? "by watch" : "by pages").toBe(server.lists);
  });

  it("reads lists of many pages, and notices what changed while it was away", async () => {
    await newNamespace();
    await forAll(1_203, (index) =>
      api.admin.create(
        configMaps,
        { metadata: { name: `c-${index}` }, data: { text: 'é\n"\\'.repeat(50) } },
        { namespace },
      ),
    );
    const follower = await follow({ resource: configMaps });
    await follower.until("in sync", () => follower.count("synced") === 1);
    expect(follower.objects.size).toBe(1_203);
    const pages = follower.asked.filter((query) => query["limit"] !== undefined).length;
    expect(pages).toBe(server.lists === "by pages" ? 3 : 0);
    way.cut();
    await api.admin.delete(configMaps, { namespace, name: "c-7" });
    await api.admin.patch(configMaps, { data: { text: "new" } }, { namespace, name: "c-8" });
    way.open();
    await follower.catchesUpWith(api.admin);
    // Two changes and the first list are all that was told of.
    expect(follower.count("changed") + follower.count("removed")).toBe(1_203 + 2);
  });

  it("has what the server has after the server was killed and started again", async () => {
    await newNamespace();
    await forAll(20, (index) => create(`p-${index}`));
    const follower = await follow();
    await follower.catchesUpWith(api.admin);
    await api.killApi();
    await follower.until("aware of it", () => follower.problems.length > 0);
    way.cut();
    await api.startApi();
    await remove("p-3");
    await remove("p-4");
    await create("p-4");
    await create("p-new");
    await relabel("p-5", "new");
    way.open();
    await follower.catchesUpWith(api.admin);
    expect(follower.problemCodes()).toContain("unreachable");
  });

  it("lists anew, and tells only the difference, when the server compacted the history it missed", async () => {
    await newNamespace();
    await forAll(10, (index) => create(`p-${index}`));
    const follower = await follow();
    await follower.catchesUpWith(api.admin);
    way.cut();
    await remove("p-1");
    await create("p-new");
    await api.compact();
    // The server has the latest history in memory too.
    await api.killApi();
    await api.startApi();
    const told = follower.events.length;
    way.open();
    await follower.catchesUpWith(api.admin);
    await follower.until("in sync again", () => follower.count("synced") === 2);
    expect(follower.problemCodes()).toContain("expired");
    const difference = follower.events.slice(told).filter((kind) => kind !== "problem" && kind !== "heard");
    expect(difference).toEqual(["removed", "changed", "synced"]);
  });

  it("notices by the silence that the server hangs, and recovers", async () => {
    await newNamespace();
    await create("before");
    const follower = await follow({ limits: { silenceMs: 1_500 }, timeoutMs: 1_000 });
    await follower.catchesUpWith(api.admin);
    api.pauseApi();
    await follower.until("aware twice", () => follower.problemCodes().filter((code) => code === "silent").length >= 2);
    api.resumeApi();
    await create("after");
    await follower.catchesUpWith(api.admin);
    // What it missed, if anything, came without a new list.
    expect(follower.count("synced")).toBe(1);
  });

  it("notices by the silence that its connection leads nowhere, and misses nothing", async () => {
    await newNamespace();
    await create("before");
    const follower = await follow({ limits: { silenceMs: 1_500 }, timeoutMs: 1_000 });
    await follower.catchesUpWith(api.admin);
    way.hold();
    await create("during");
    await remove("before");
    await follower.until("aware", () => follower.problemCodes().includes("silent"));
    expect([...follower.objects.keys()]).toEqual([`${namespace}/before`]);
    way.open();
    await follower.catchesUpWith(api.admin);
    expect([...follower.objects.keys()]).toEqual([`${namespace}/during`]);
  });

  it("follows a selector: what no longer matches is gone", async () => {
    await newNamespace();
    await create("a", { value: "old" });
    await create("b", { value: "new" });
    const follower = await follow({ labelSelector: "value=new" });
    await follower.until("in sync", () => follower.count("synced") === 1);
    expect([...follower.objects.keys()]).toEqual([`${namespace}/b`]);
    await relabel("a", "new");
    await relabel("b", "old");
    await follower.catchesUpWith(api.admin);
    expect([...follower.objects.keys()]).toEqual([`${namespace}/a`]);
  });

  it("says that it is denied, and goes on once it is not", async () => {
    await newNamespace();
    await create("p");
    const follower = await follow({ access: await api.access("reader") });
    await follower.until("denied", () => follower.problems.length > 1);
    expect(follower.problemCodes()).toEqual(expect.not.arrayContaining(["unreachable", "garbled", "refused"]));
    expect(follower.problems[0]).toMatchObject({
      code: "denied",
      message: expect.stringMatching(
        /^pods: GET .*pods is forbidden: User "reader" cannot (list|watch) resource "pods".*\(403 Forbidden\)$/,
      ),
    });
    await allowToRead(api.admin, { kind: "User", name: "reader", apiGroup: "rbac.authorization.k8s.io" });
    await follower.catchesUpWith(api.admin);
  });
});
