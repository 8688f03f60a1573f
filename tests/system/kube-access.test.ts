import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiAccess, KubeClient, findAccess, inClusterAccess, resources } from "../../packages/kube/src/index.ts";
import { KubeApi } from "./support/kube-api.ts";
import { buildTimeoutMs, kubeBinaries, kubeLacking, withKubernetes } from "./support/kube-binaries.ts";
import { bundled } from "./support/kube-bundled.ts";
import { Follower } from "./support/kube-follower.ts";
import { allowToRead, createNamespace, smallPod } from "./support/kube-objects.ts";

const secrets = { group: "", version: "v1", plural: "secrets" };
const serviceAccounts = { group: "", version: "v1", plural: "serviceaccounts" };

describe.skipIf(kubeLacking !== undefined)(withKubernetes("access to a real API server"), () => {
  let api: KubeApi;
  beforeAll(async () => {
    api = await KubeApi.start({ users: ["jane"] });
    writeFileSync(join(api.folder, "ca.crt"), api.ca);
    await createNamespace(api.admin, "shop");
    await api.admin.create(resources.pods, smallPod("web"), { namespace: "shop" });
  }, buildTimeoutMs);
  afterAll(() => api?.stop());

  async function ask(access: ApiAccess): Promise<unknown> {
    const client = new KubeClient({ access });
    try {
      return await client.call({ path: "/api/v1/namespaces/shop/pods" });
    } finally {
      client.close();
    }
  }

  /** A token of a service account as the kubelet gets one for a pod; it dies with the secret it is bound to. */
  async function newToken(account: string, secret: string): Promise<string> {
    const { metadata } = await api.admin.create(secrets, { metadata: { name: secret } }, { namespace: "shop" });
    const boundObjectRef = { apiVersion: "v1", kind: "Secret", name: secret, uid: metadata["uid"] };
    const answer = await api.admin.call({
      method: "POST",
      path: `/api/v1/namespaces/shop/serviceaccounts/${account}/token`,
      body: { spec: { boundObjectRef } },
    });
    return (answer as { readonly status: { readonly token: string } }).status.token;
  }

  it("is by the kubeconfig that kubectl would use, as whom it says", async () => {
    const access = await findAccess({ env: { KUBECONFIG: api.kubeconfig } });
    expect(access.name).toBe(`context "admin" of ${api.kubeconfig}`);
    expect(await ask(access)).toMatchObject({ kind: "PodList", items: [{ metadata: { name: "web" } }] });
    const jane = await findAccess({ env: {}, kubeconfig: api.kubeconfig, context: "jane" });
    await expect(ask(jane)).rejects.toThrow('User "jane" cannot list resource "pods"');
  });

  it("can be as another user, where the kubeconfig says so", async () => {
    const config = JSON.parse(readFileSync(api.kubeconfig, "utf8"));
    config.users[0].user = { ...config.users[0].user, as: "joe", "as-groups": ["a", "b"] };
    const kubeconfig = join(api.folder, "impersonating");
    writeFileSync(kubeconfig, JSON.stringify(config));
    const client = new KubeClient({ access: await findAccess({ env: {}, kubeconfig }) });
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    expect(await client.call({ method: "POST", path, body: review })).toMatchObject({
      status: { userInfo: { username: "joe", groups: ["a", "b", "system:authenticated"] } },
    });
    client.close();
  });

  it("says what is wrong with a token or a certificate authority", async () => {
    const access = await api.access("admin");
    const { tls } = await access.credentials();
    const badToken = { headers: { authorization: "Bearer nobody" }, tls };
    await expect(ask({ ...access, credentials: async () => badToken })).rejects.toMatchObject({
      kind: "status",
      status: { code: 401, reason: "Unauthorized" },
    });
    const noAuthority = { headers: {}, tls: {} };
    await expect(ask({ ...access, credentials: async () => noAuthority })).rejects.toThrow(
      "its certificate is not signed by the certificate authority given",
    );
  });

  it("reads a service account's token anew when the server no longer takes the old one", async () => {
    const tokenFile = join(api.folder, "token");
    await api.admin.create(serviceAccounts, { metadata: { name: "agent" } }, { namespace: "shop" });
    await allowToRead(api.admin, { kind: "ServiceAccount", name: "agent", namespace: "shop" });
    writeFileSync(tokenFile, await newToken("agent", "first"));
    const access = await inClusterAccess({
      env: { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: String(api.port) },
      folder: api.folder,
    });
    const limits = { silenceMs: 1_000 };
    const follower = new Follower({ access, resource: resources.pods, namespace: "shop", limits });
    await follower.catchesUpWith(api.admin);
    await api.admin.delete(secrets, { namespace: "shop", name: "first" });
    // The server remembers good tokens for ten seconds.
    await follower.until("refused", () => follower.problemCodes().includes("denied"));
    writeFileSync(tokenFile, await newToken("agent", "second"));
    await api.admin.create(resources.pods, smallPod("late"), { namespace: "shop" });
    await follower.catchesUpWith(api.admin);
    await follower.stop();
  });

  it("takes a resource that is not there for empty, where it is told to, and sees when it comes", async () => {
    const follower = new Follower({
      access: await api.access("admin"),
      resource: { group: "podwall.test", version: "v1", plural: "walls" },
      whenMissing: "empty",
      limits: { missingRetryMs: 100 },
    });
    await follower.until("in sync", () => follower.count("synced") === 1);
    const definitions = { group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions" };
    const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
    await api.admin.create(definitions, {
      metadata: { name: "walls.podwall.test" },
      spec: {
        group: "podwall.test",
        scope: "Cluster",
        names: { plural: "walls", kind: "Wall" },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    });
    await follower.until("in sync with what is there now", () => follower.count("synced") === 2);
    const walls = { group: "podwall.test", version: "v1", plural: "walls" };
    await api.admin.create(walls, { apiVersion: "podwall.test/v1", kind: "Wall", metadata: { name: "high" } });
    await follower.catchesUpWith(api.admin);
    expect([...follower.objects.keys()]).toEqual(["high"]);
    await follower.stop();
  });
});

describe.skipIf(kubeLacking !== undefined)(withKubernetes("a real API server for tests"), () => {
  it(
    "leaves no process and no file behind, even when its test is killed",
    async () => {
      const assets = await kubeBinaries(["kube-apiserver", "etcd"]);
      const source = `import { KubeApi } from "./tests/system/support/kube-api.ts";
        process.stdout.write((await KubeApi.start()).folder);
        setInterval(() => {}, 1000);`;
      const parent = spawn(process.execPath, ["--input-type=module", "-"], {
        stdio: ["pipe", "pipe", "inherit"],
        env: { ...process.env, KUBEBUILDER_ASSETS: assets },
      });
      // By standard input: the bundle is longer than one argument may be.
      parent.stdin.end(await bundled(source));
      const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
      const folder = chunk.toString("utf8");
      expect(processesOf(folder).length).toBeGreaterThanOrEqual(3);
      parent.kill("SIGKILL");
      await once(parent, "exit");
      const deadline = Date.now() + 20_000;
      while (Date.now() < deadline && (processesOf(folder).length > 0 || existsSync(folder))) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(processesOf(folder)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
    },
    buildTimeoutMs,
  );
});

/** The processes that have this folder in their arguments. */
function processesOf(folder: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
    } catch {
      return false;
    }
  });
}
