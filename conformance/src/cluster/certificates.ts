import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiPort, firstService } from "./plan.ts";
import { outputOf } from "./processes.ts";

/** The cluster's users: a token each, and the groups that their rights come from. */
const users = {
  admin: ["admin", "system:masters"],
  "controller-manager": ["system:kube-controller-manager", ""],
  scheduler: ["system:kube-scheduler", ""],
  proxy: ["system:kube-proxy", ""],
  node1: ["system:node:node1", "system:nodes"],
  node2: ["system:node:node2", "system:nodes"],
} as const;

export type User = keyof typeof users;

/** The files that the cluster's programs trust each other by. */
export interface Credentials {
  readonly folder: string;
  kubeconfig(user: User): string;
}

/** Makes an authority, the API server's certificates, and a kubeconfig for each user, in a new folder. */
export async function makeCredentials(folder: string, apiAddress: string): Promise<Credentials> {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]) => outputOf(["openssl", ...args]);
  const at = (name: string) => join(folder, name);
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  await openssl("genrsa", "-out", at("accounts.key"), "2048");
  const authority = ["-keyout", at("ca.key"), "-out", at("ca.crt"), "-days", "30", "-subj", "/CN=podwall-conformance"];
  await openssl("req", "-x509", ...newKey, ...authority);
  const sign = async (name: string, subject: string, extension: string): Promise<void> => {
    writeFileSync(at(`${name}.cnf`), `${extension}\n`);
    await openssl("req", ...newKey, "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`), "-subj", subject);
    const by = ["-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "30"];
    const files = ["-in", at(`${name}.csr`), "-out", at(`${name}.crt`), "-extfile", at(`${name}.cnf`)];
    await openssl("x509", "-req", ...by, ...files);
  };
  const service = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ];
  const names = [...service.map((name) => `DNS:${name}`), `IP:${apiAddress}`, `IP:${firstService}`, "IP:127.0.0.1"];
  await sign("apiserver", "/CN=kube-apiserver", `subjectAltName=${names.join(",")}`);
  await sign("kubelet-client", "/O=system:masters/CN=kubelet-client", "extendedKeyUsage=clientAuth");
  const lines = Object.entries(users).map(([user, [name, group]]) => `token-of-${user},${name},${user},${group}`);
  writeFileSync(at("tokens.csv"), `${lines.join("\n")}\n`);
  for (const user of Object.keys(users) as User[]) writeFileSync(at(`${user}.kubeconfig`), kubeconfigOf(user));
  return { folder, kubeconfig: (user) => at(`${user}.kubeconfig`) };

  function kubeconfigOf(user: User): string {
    const server = `https://${apiAddress}:${apiPort}`;
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "conformance", cluster: { server, "certificate-authority": at("ca.crt") } }],
      users: [{ name: user, user: { token: `token-of-${user}` } }],
      contexts: [{ name: "conformance", context: { cluster: "conformance", user } }],
      "current-context": "conformance",
    });
  }
}
