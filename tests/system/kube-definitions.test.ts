import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  KubeClient,
  type WatchEvent,
  type WatchLimits,
  followDefinition,
  watchResource,
} from "../../packages/kube/src/index.ts";
import { letRead } from "./support/agent-role.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import {
  definePolicyKind,
  policyKinds,
  removePolicyKind,
  servePolicyKind,
  writePolicy,
} from "./support/policy-kinds.ts";

const kind = "ClusterNetworkPolicy";
const resource = policyKinds[kind];
const name = "clusternetworkpolicies.policy.networking.k8s.io";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
/** No look that is due by the clock alone comes within a test. */
const patient: Partial<WatchLimits> = { missingRetryMs: 3_600_000, missingConfirmMs: 3_600_000 };

/** Podwall's kinds of cluster-wide policies come and go with their definitions, of which an agent may read no others. */
describe.skipIf(kubeLacking !== undefined)(withKubernetes("a watch of a kind that is not there yet"), () => {
  let api: KubeApi;
  const cleanups: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    api = await KubeApi.start({ users: ["agent", "poor"] });
    await letRead(api.admin, "agent");
    await letRead(api.admin, "poor", "customresourcedefinitions");
  }, buildTimeoutMs);
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
  afterAll(() => api?.stop());

  async function clientOf(user: string): Promise<KubeClient> {
    const client = new KubeClient({ access: await api.access(user) });
    cleanups.push(async () => client.close());
    return client;
  }

  async function follow(user: string, limits: Partial<WatchLimits>) {
    const client = await clientOf(user);
    const stop = new AbortController();
    const told: WatchEvent<string>[] = [];
    const known = new Set<string>();
    const ended = watchResource<string>({
      client,
      resource,
      whenMissing: "empty",
      definition: followDefinition({ client, resource, limits }),
      limits,
      decode: ({ metadata }) => metadata.name,
      onEvent: (event) => {
        told.push(event);
        if (event.kind === "changed") known.add(event.key);
        if (event.kind === "removed") known.delete(event.key);
      },
      signal: stop.signal,
    });
    cleanups.unshift(async () => {
      stop.abort();
      await ended;
    });
    const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 20 });
    return { told, known, until, kinds: () => told.map((event) => event.kind) };
  }

  it("hears of the definition, with the right to read that one alone", async () => {
    const { told, known, until, kinds } = await follow("agent", patient);
    await until(() => expect(kinds()).toEqual(["synced"]));
    await definePolicyKind(api.admin, kind);
    await writePolicy(api.admin, kind, "wall", { tier: "Admin" });
    await until(() => expect([...known]).toEqual(["wall"]));
    expect(told.filter((event) => event.kind === "problem")).toEqual([]);
    const agent = await clientOf("agent");
    const by = (fieldSelector?: string) => agent.call({ path: definitions, query: { fieldSelector } });
    await expect(by(`metadata.name=${name}`)).resolves.toMatchObject({ kind: "CustomResourceDefinitionList" });
    await expect(by()).rejects.toMatchObject({ status: { code: 403 } });
    await expect(by("metadata.name=others.example.com")).rejects.toMatchObject({ status: { code: 403 } });
    await expect(agent.call({ path: `${definitions}/${name}` })).rejects.toMatchObject({ status: { code: 403 } });
  });

  it("lets all go when the definition goes, and takes no other version for its own", async () => {
    const { told, known, until } = await follow("agent", { ...patient, establishMs: 0 });
    await until(() => expect([...known]).toEqual(["wall"]));
    await removePolicyKind(api.admin, kind);
    await until(() => expect([...known]).toEqual([]));
    await definePolicyKind(api.admin, kind, "v1beta9");
    const unserved = `${name} is installed, and not served as v1alpha2`;
    await until(() =>
      expect(told.at(-1)).toMatchObject({ kind: "problem", message: expect.stringContaining(unserved) }),
    );
    await servePolicyKind(api.admin, kind, ["v1beta9", "v1alpha2"]);
    await writePolicy(api.admin, kind, "again", { tier: "Admin" });
    await until(() => expect([...known]).toEqual(["again"]));
  });

  it("keeps what it knows while its version is not served", async () => {
    const { told, known, until } = await follow("agent", { ...patient, establishMs: 0 });
    await until(() => expect([...known]).toEqual(["again"]));
    const before = told.length;
    await servePolicyKind(api.admin, kind, ["v1beta9"]);
    await until(() => expect(told.at(-1)).toMatchObject({ kind: "problem", code: "missing" }));
    expect([...known]).toEqual(["again"]);
    await servePolicyKind(api.admin, kind, ["v1beta9", "v1alpha2"]);
    await until(() => expect(told.at(-1)?.kind).toMatch(/synced|heard/));
    expect(told.slice(before).filter((event) => event.kind === "removed")).toEqual([]);
  });

  it("looks for it now and then without that right", async () => {
    await removePolicyKind(api.admin, kind);
    const { known, until, kinds } = await follow("poor", { missingRetryMs: 200 });
    await until(() => expect(kinds()).toEqual(["synced"]));
    await definePolicyKind(api.admin, kind);
    await writePolicy(api.admin, kind, "late", { tier: "Admin" });
    await until(() => expect([...known]).toEqual(["late"]));
  });
});
