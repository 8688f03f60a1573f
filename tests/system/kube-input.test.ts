import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KubeError, listObjects, resources } from "../../packages/kube/src/index.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { createNamespace, smallPod } from "./support/kube-objects.ts";

const program = join(import.meta.dirname, "../../apps/cli/bin/podwall.mjs");
const rbac = { group: "rbac.authorization.k8s.io", version: "v1" };
const definitions = { group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" };

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without this machine's own kubeconfig. */
function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const clean = { PATH: process.env["PATH"], HOME: "/nonexistent" };
    const child = spawn(command, args, { env: { ...clean, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const written = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (written.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (written.stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...written }));
  });
}

describe.skipIf(kubeLacking !== undefined)(withKubernetes("a cluster as input"), () => {
  let api: KubeApi;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "podwall-input-"));
    api = await KubeApi.start({ users: ["reader", "shopper", "stranger"] });
    for (const namespace of ["shop", "data"]) await createNamespace(api.admin, namespace);
    for (const name of ["web-5d9c7b8f6-abcde", "web-5d9c7b8f6-fghij"]) await createPod("shop", name, webOwner);
    await createPod("data", "db-0", { kind: "StatefulSet", name: "db" });
    await createPod("data", "bare");
    await api.admin.create(resources.networkPolicies, onlyWeb, { namespace: "data" });
    await allow("ClusterRole", "reader", ["pods", "networkpolicies"]);
    await allow("Role", "shopper", ["pods", "networkpolicies", "services"], "shop");
  }, buildTimeoutMs);
  afterAll(async () => {
    await api?.stop();
    rmSync(folder, { recursive: true });
  });

  const webOwner = { kind: "ReplicaSet", name: "web-5d9c7b8f6", labels: { "pod-template-hash": "5d9c7b8f6" } };
  const onlyWeb = {
    metadata: { name: "only-web", annotations: { note: "from the shop" } },
    spec: {
      podSelector: {},
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } }],
          ports: [{ port: 5432 }],
        },
      ],
    },
  };

  async function createPod(
    namespace: string,
    name: string,
    owner?: { readonly kind: string; readonly name: string; readonly labels?: Readonly<Record<string, string>> },
  ): Promise<void> {
    const { metadata, spec } = smallPod(name, owner?.labels);
    const apiVersion = "apps/v1";
    const reference = owner && { apiVersion, kind: owner.kind, name: owner.name, uid: "0", controller: true };
    const [container] = spec.containers;
    const containers = [{ ...container, env: [{ name: "PASSWORD", value: "hunter2" }] }];
    const pod = {
      metadata: { ...metadata, ...(reference === undefined ? {} : { ownerReferences: [reference] }) },
      spec: { ...spec, containers },
    };
    await api.admin.create(resources.pods, pod, { namespace });
  }

  /** Lets a user list resources, in a namespace or everywhere. */
  async function allow(kind: "Role" | "ClusterRole", user: string, names: string[], namespace?: string): Promise<void> {
    const rules = [{ apiGroups: ["", "networking.k8s.io"], resources: names, verbs: ["list"] }];
    const at = namespace === undefined ? {} : { namespace };
    const plural = `${kind.toLowerCase()}s`;
    await api.admin.create({ ...rbac, plural }, { metadata: { name: user }, rules }, at);
    const roleRef = { apiGroup: rbac.group, kind, name: user };
    const subjects = [{ apiGroup: rbac.group, kind: "User", name: user }];
    const binding = { metadata: { name: user }, roleRef, subjects };
    await api.admin.create({ ...rbac, plural: plural.replace(/s$/, "bindings") }, binding, at);
  }

  function podwall(line: string, user = "admin"): Promise<Outcome> {
    const args = [...line.split(" "), "--kubeconfig", api.kubeconfig, "--context", user];
    return run(process.execPath, [program, ...args]);
  }

  it("is mapped with pods under their workloads' names", async () => {
    const { code, stdout } = await podwall("map --format csv");
    expect(code).toBe(0);
    expect(stdout.split("\r\n")).toContain("shop/web,data/db,TCP,5432,no,allowed,");
    expect(stdout).not.toMatch(/^data\/bare,data\/db/m);
  });

  it("is asked about by names, which a namespace makes short", async () => {
    const { code, stdout } = await podwall("explain -n data shop/web db:5432");
    expect(code).toBe(0);
    expect(stdout).toContain("-> data/db-0 TCP 5432: allowed");
    expect(stdout).toContain("allowed by data/only-web spec.ingress[0] (NetworkPolicy data/only-web:");
    expect((await podwall("explain bare data/deployment/db:5432")).code).toBe(2);
    expect((await podwall("explain data/bare data/statefulset/db:5432")).code).toBe(1);
  });

  it("is checked, tested, and compared with what a change would make of it", async () => {
    const checked = await podwall("check --format json");
    const { diagnostics } = JSON.parse(checked.stdout) as Record<string, unknown>;
    expect([checked.code, diagnostics]).toEqual([0, []]);
    const assertions = join(folder, "podwall-test.yaml");
    writeFileSync(assertions, "assertions: [{deny: {from: data/bare, to: data/db}}]");
    expect((await podwall(`test --assertions ${assertions}`)).stdout).toContain("1 assertion: 1 passed");
    const change = join(folder, "change.yaml");
    const removal = { namespace: "data", name: "only-web", annotations: { "podwall.dev/remove": "true" } };
    writeFileSync(
      change,
      JSON.stringify({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: removal }),
    );
    const { code, stdout } = await podwall(`diff --what-if ${change} --format json`);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "ClusterDiff", closedPairs: 0 });
    expect((await podwall(`diff ${change}`)).stdout).toContain("gone: ");
    const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "none" }] } };
    const metadata = { namespace: "shop", name: "web" };
    writeFileSync(change, JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { template } }));
    // The workload's pods are replaced, not joined.
    expect((await podwall(`diff --what-if ${change}`)).stdout).toMatch(/^no connection opens or closes\n/);
  });

  it("is said to be read in part where that is all the user may", async () => {
    const { code, stderr, stdout } = await podwall("map --format csv", "reader");
    expect(code).toBe(0);
    expect(stdout).toContain("data/bare");
    const line = stderr.split("\n").find((one) => one.includes("PW1017"));
    expect(line).toMatch(/^warning PW1017: not read, because context "reader" of .* may not list them: /);
    expect(line).toContain("namespaces, nodes, services");
    // Kinds that this cluster does not have are no gap.
    expect(line).not.toMatch(/cilium|clusternetworkpolicies|servicemonitors/);
    const checked = await podwall("check --format json", "reader");
    expect(JSON.parse(checked.stdout)).toMatchObject({ ok: true, diagnostics: [{ code: "PW1017" }] });
  });

  it("is read in one namespace where that is all the user may", async () => {
    const denied = await podwall("map", "shopper");
    expect([denied.code, denied.stdout]).toEqual([2, ""]);
    expect(denied.stderr).toMatch(/cannot list resource "\w+".* --namespace NAME is enough/);
    const { code, stdout, stderr } = await podwall("map -n shop", "shopper");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^shop\/web +-> outside/m);
    expect(stderr).toContain("read in the one namespace only");
    expect((await podwall("map -n data", "shopper")).code).toBe(2);
  });

  it("that cannot be read is said, with what to do", async () => {
    const nobody = await podwall("map", "nobody");
    expect([nobody.code, nobody.stdout]).toEqual([2, ""]);
    expect(nobody.stderr).toContain('"nobody"');
    const both = await podwall("map -f .");
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("--what-if")]);
    const none = await run(process.execPath, [program, "map", "-n", "shop"]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("there is no kubeconfig")]);
  });

  it("is listed in pages, each object once, and nothing but what is kept of it", async () => {
    const counts: number[] = [];
    const names = await listObjects({
      client: api.admin,
      resource: resources.pods,
      limits: { pageSize: 1 },
      signal: new AbortController().signal,
      keep: ({ metadata }) => metadata.name,
      onProgress: (count) => counts.push(count),
    });
    expect(names.toSorted()).toEqual(["bare", "db-0", "web-5d9c7b8f6-abcde", "web-5d9c7b8f6-fghij"]);
    expect(counts).toEqual([1, 2, 3, 4]);
    const walls = { group: "podwall.test", version: "v1", plural: "walls" };
    const { signal } = new AbortController();
    const missing = listObjects({ client: api.admin, resource: walls, signal, keep: () => undefined });
    await expect(missing).rejects.toSatisfy((error) => error instanceof KubeError && error.status?.code === 404);
  });

  it("has the policies of other makers counted", async () => {
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    const names = { plural: "ciliumnetworkpolicies", kind: "CiliumNetworkPolicy" };
    await api.admin.create(definitions, {
      metadata: { name: "ciliumnetworkpolicies.cilium.io" },
      spec: {
        group: "cilium.io",
        scope: "Namespaced",
        names,
        versions: [{ name: "v2", served: true, storage: true, schema }],
      },
    });
    const resource = { group: "cilium.io", version: "v2", plural: "ciliumnetworkpolicies" };
    await expect.poll(() => create(resource), { timeout: 30_000 }).toBe("created");
    const { stdout, stderr } = await podwall("check");
    expect(`${stdout}${stderr}`).toContain("CiliumNetworkPolicy");
    // Who may not list them must know that they are there.
    expect((await podwall("map", "reader")).stderr).toContain("ciliumnetworkpolicies");
  });

  async function create(resource: typeof definitions): Promise<string> {
    try {
      const object = { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: { name: "other" } };
      await api.admin.create(resource, object, { namespace: "shop" });
      return "created";
    } catch (error) {
      if (error instanceof KubeError && error.status?.code === 404) return "not served yet";
      throw error;
    }
  }

  it("is the current context's as kubectl's plugin", async (context) => {
    if (spawnSync("kubectl", ["version", "--client"]).status !== 0) context.skip("allowed: there is no kubectl here");
    symlinkSync(join(program, "../kubectl-podwall.mjs"), join(folder, "kubectl-podwall"));
    const env = { PATH: `${folder}${delimiter}${process.env["PATH"]}`, KUBECONFIG: api.kubeconfig };
    const { code, stdout } = await run("kubectl", ["podwall", "explain", "-n", "data", "bare", "db:5432"], env);
    expect(code).toBe(1);
    expect(stdout).toContain("data/bare -> data/db-0 TCP 5432: denied");
    const mapped = await run("kubectl", ["podwall", "map", "--context", "stranger"], env);
    expect([mapped.code, mapped.stdout]).toEqual([2, ""]);
    const file = join(folder, "podwall-test.yaml");
    const manifests = await run("kubectl", ["podwall", "check", "-f", file], env);
    expect(manifests.stdout).not.toContain("NetworkPolicy");
  });
});
