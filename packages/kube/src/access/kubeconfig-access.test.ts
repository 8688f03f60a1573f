import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FakeClock } from "../testing/fake-clock.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { findAccess } from "./find-access.ts";
import { kubeconfigAccess } from "./kubeconfig-access.ts";

const pem = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A kubeconfig with one context, user and cluster, all named `one`. */
function oneOf({ user = "{}", cluster = "{server: https://one:6443}", more = "" } = {}): string {
  return [
    "apiVersion: v1",
    "kind: Config",
    `clusters: [{name: one, cluster: ${cluster}}]`,
    `users: [{name: one, user: ${user}}]`,
    "contexts: [{name: one, context: {cluster: one, user: one}}]",
    "current-context: one",
    more,
  ].join("\n");
}

async function accessOf(text: string, files: Readonly<Record<string, string>> = {}, clock = new FakeClock()) {
  const folder = temporaryFolder({ ...files, config: text });
  const access = await kubeconfigAccess({ env: { KUBECONFIG: join(folder, "config") }, clock });
  if (access === undefined) throw new Error("there is no access");
  return { access, folder, clock };
}

async function proofOf(user: string, files: Readonly<Record<string, string>> = {}) {
  const { access } = await accessOf(oneOf({ user }), files);
  return access.credentials();
}

describe("finding a kubeconfig", () => {
  it("merges the files of KUBECONFIG: the first that has a name or a current context has it wholly", async () => {
    const folder = temporaryFolder({
      first: [
        "clusters: [{name: shared, cluster: {server: https://first}}]",
        "contexts: [{name: a, context: {cluster: shared, user: u}}]",
      ].join("\n"),
      second: [
        "clusters: [{name: shared, cluster: {server: https://second, tls-server-name: x}}]",
        "users: [{name: u, user: {token: from-second}}]",
        "contexts: [{name: b, context: {cluster: shared, user: u, namespace: shop}}]",
        "current-context: b",
      ].join("\n"),
      third: "current-context: a",
    });
    const env = {
      KUBECONFIG: ["first", "", "missing", "second", "third"].map((name) => name && join(folder, name)).join(":"),
    };
    const current = await kubeconfigAccess({ env });
    expect(current?.name).toBe(`context "b" of ${join(folder, "second")}`);
    expect(current?.server.origin).toBe("https://first");
    expect(current?.namespace).toBe("shop");
    expect(await current?.credentials()).toEqual({ headers: { authorization: "Bearer from-second" }, tls: {} });
    const named = await kubeconfigAccess({ env, context: "a" });
    expect(named?.namespace).toBe("default");
  });

  it("looks in the home folder where KUBECONFIG is not set, and nowhere else where a file is named", async () => {
    const home = temporaryFolder({ ".kube/config": oneOf(), other: oneOf({ cluster: "{server: https://other}" }) });
    expect((await kubeconfigAccess({ env: { HOME: home } }))?.server.host).toBe("one:6443");
    const named = await kubeconfigAccess({ env: { HOME: home }, kubeconfig: join(home, "other") });
    expect(named?.server.host).toBe("other");
    await expect(kubeconfigAccess({ env: { HOME: home }, kubeconfig: join(home, "gone") })).rejects.toThrow(
      `${join(home, "gone")}: there is no such kubeconfig file`,
    );
  });

  it("says when there is nothing to find", async () => {
    const home = temporaryFolder({});
    expect(await kubeconfigAccess({ env: { HOME: home } })).toBeUndefined();
    await expect(findAccess({ env: { HOME: home } })).rejects.toThrow("there is no kubeconfig");
    await expect(findAccess({ env: { HOME: home, KUBECONFIG: "/nowhere/config" } })).rejects.toThrow(
      "KUBECONFIG names /nowhere/config, and there is no such file",
    );
  });

  it.each([
    ["clusters: [", "is not YAML"],
    ["just a text", "the document must be a mapping"],
    ["clusters: {one: {}}", "clusters must be a list"],
    ["current-context: one", 'contexts has no entry named "one"; there are none'],
    [oneOf().replace("current-context: one", ""), 'no current-context is set; name one; there are "one"'],
    [oneOf().replace("cluster: one", "cluster: two"), 'clusters has no entry named "two"; there are "one"'],
    [oneOf({ cluster: "{}" }), "clusters[0].cluster.server is missing"],
    [oneOf({ cluster: "{server: 'ftp://x'}" }), "must begin with https:// or http://"],
    [oneOf({ cluster: "{server: 'https://['}" }), "is no URL"],
    [
      oneOf({ cluster: "{server: https://x, proxy-url: 'socks5://y'}" }),
      "clusters[0].cluster.proxy-url is not supported",
    ],
    [
      oneOf({ cluster: "{server: https://x, certificate-authority: ca, insecure-skip-tls-verify: true}" }),
      "insecure-skip-tls-verify cannot be true beside a certificate authority",
    ],
    [oneOf({ cluster: "{server: https://x, insecure-skip-tls-verify: 'true'}" }), "must be true or false"],
    [oneOf({ cluster: "{server: https://x, certificate-authority-data: MTIz}" }), "holds no PEM"],
    [oneOf({ user: "{token: 12345}" }), "users[0].user.token must be a text; put it in quotes"],
    [oneOf({ user: "{token: 'a\\u00e9'}" }).replaceAll("'", '"'), "cannot stand in a header"],
    [oneOf({ user: `{client-key-data: ${base64(pem)}}` }), "client-certificate is missing beside the client key"],
    [oneOf({ user: "{auth-provider: {name: gcp}}" }), "auth-provider is gone from Kubernetes"],
    [oneOf({ user: "{as-groups: [g]}" }), "as is missing"],
    [oneOf({ user: "{exec: {command: x}}" }), "exec.apiVersion is missing"],
    [oneOf({ user: "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}" }), "interactiveMode must be"],
    [oneOf({ more: "extensions: 5" }).replace("name: one, user", "user"), "users[0].name is missing"],
    [oneOf().replace("users: [", "users: [{name: one, user: {}}, "), '"one" is there twice'],
  ])("refuses %j, naming file and field", async (text, why) => {
    const folder = temporaryFolder({ config: text });
    const path = join(folder, "config");
    const refused = kubeconfigAccess({ env: { KUBECONFIG: path } });
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.toThrow(path);
  });
});

describe("the credentials of a kubeconfig", () => {
  it("are a token, a password, or a certificate", async () => {
    expect((await proofOf("{token: t}")).headers).toEqual({ authorization: "Bearer t" });
    expect((await proofOf("{username: jo, password: 'p:w'}")).headers).toEqual({
      authorization: `Basic ${base64("jo:p:w")}`,
    });
    const files = { "certs/me.crt": pem, "certs/me.key": `${pem}key` };
    const certificate = await proofOf("{client-certificate: certs/me.crt, client-key: ./certs/me.key}", files);
    expect(certificate).toEqual({ headers: {}, tls: { cert: pem, key: `${pem}key` } });
  });

  it("read data before files, and a token's file before a token", async () => {
    const data = `{client-certificate-data: ${base64(`${pem}data`)}, client-certificate: x, client-key-data: ${base64(pem)}}`;
    expect((await proofOf(data)).tls.cert).toBe(`${pem}data`);
    const both = await proofOf("{token: old, tokenFile: token}", { token: "new\n" });
    expect(both.headers).toEqual({ authorization: "Bearer new" });
  });

  it("impersonate where the kubeconfig says so", async () => {
    const user = "{token: t, as: jane, as-uid: '7', as-groups: [a, b], as-user-extra: {Team/x: [one, two]}}";
    expect((await proofOf(user)).headers).toEqual({
      authorization: "Bearer t",
      "impersonate-user": "jane",
      "impersonate-uid": "7",
      "impersonate-group": ["a", "b"],
      "impersonate-extra-team%2Fx": ["one", "two"],
    });
  });

  it("carry what a connection needs of the cluster", async () => {
    const files = { "ca.crt": pem };
    const cluster = "{server: 'https://[::1]:6443/k8s', certificate-authority: ca.crt, tls-server-name: kubernetes}";
    const { access } = await accessOf(oneOf({ cluster }), files);
    expect(access.server.href).toBe("https://[::1]:6443/k8s");
    expect((await access.credentials()).tls).toEqual({ ca: pem, serverName: "kubernetes" });
    const unsafe = await accessOf(oneOf({ cluster: "{server: https://x, insecure-skip-tls-verify: true}" }));
    expect((await unsafe.access.credentials()).tls).toEqual({ skipVerify: true });
    const bare = await accessOf(oneOf({ cluster: "{server: '127.0.0.1:8001'}" }));
    expect(bare.access.server.href).toBe("http://127.0.0.1:8001/");
  });

  it("are read from a token's file again after a minute, or when they were refused", async () => {
    const { access, folder, clock } = await accessOf(oneOf({ user: "{tokenFile: token}" }), { token: "one" });
    const first = await access.credentials();
    writeFileSync(join(folder, "token"), "two");
    expect(await access.credentials()).toBe(first);
    clock.pass(60_000);
    const second = await access.credentials();
    expect(second.headers).toEqual({ authorization: "Bearer two" });
    writeFileSync(join(folder, "token"), "three");
    // What was refused is not what is used now.
    access.refused(first);
    expect(await access.credentials()).toBe(second);
    access.refused(second);
    expect((await access.credentials()).headers).toEqual({ authorization: "Bearer three" });
  });

  it("say which file they lack", async () => {
    const { access, folder } = await accessOf(oneOf({ user: "{tokenFile: token}" }), { token: " \n" });
    await expect(access.credentials()).rejects.toThrow(`${join(folder, "token")}: the token is empty`);
    const lost = await accessOf(oneOf({ user: "{tokenFile: gone/token}" }));
    await expect(lost.access.credentials()).rejects.toThrow(`${join(lost.folder, "gone/token")}: cannot be read`);
  });
});
