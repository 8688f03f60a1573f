import { join } from "node:path";
import type { Prepared } from "../settings.ts";
import type { Credentials } from "./certificates.ts";
import { type NodePlan, apiPort, familiesOf } from "./plan.ts";
import { run, startServer } from "./processes.ts";
import { until } from "./until.ts";

/** Starts etcd, the API server, the controller manager and the scheduler on a node; they are ready afterwards. */
export async function startControlPlane(prepared: Prepared, node: NodePlan, credentials: Credentials): Promise<void> {
  const { programs, work, results, settings } = prepared;
  const families = familiesOf(settings);
  const at = (name: string) => join(credentials.folder, name);
  const start = (name: string, args: readonly string[]) =>
    startServer(name, [programs[name] ?? name, ...args], { netns: node.name }, join(results, "logs"));
  const etcd = "http://127.0.0.1:2379";
  const listen = [`--listen-client-urls=${etcd}`, `--advertise-client-urls=${etcd}`];
  start("etcd", [`--data-dir=${join(work, "etcd")}`, ...listen, "--unsafe-no-fsync"]);
  start("kube-apiserver", [
    `--etcd-servers=${etcd}`,
    "--bind-address=0.0.0.0",
    `--advertise-address=${node.address}`,
    `--secure-port=${apiPort}`,
    `--tls-cert-file=${at("apiserver.crt")}`,
    `--tls-private-key-file=${at("apiserver.key")}`,
    `--client-ca-file=${at("ca.crt")}`,
    `--kubelet-client-certificate=${at("kubelet-client.crt")}`,
    `--kubelet-client-key=${at("kubelet-client.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${at("accounts.key")}`,
    `--service-account-signing-key-file=${at("accounts.key")}`,
    `--token-auth-file=${at("tokens.csv")}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    `--service-cluster-ip-range=${families.map(({ serviceRange }) => serviceRange).join(",")}`,
    // Nodes' names are in no DNS.
    "--kubelet-preferred-address-types=InternalIP",
  ]);
  const kubectl = [programs["kubectl"] ?? "kubectl", `--kubeconfig=${credentials.kubeconfig("admin")}`];
  await until("the API server is ready", async () => {
    const { stdout } = await run([...kubectl, "get", "--raw=/readyz"]);
    return stdout.trim() === "ok";
  });
  // One of each: nobody to lead.
  const alone = ["--leader-elect=false", "--authentication-skip-lookup=true", "--bind-address=127.0.0.1"];
  start("kube-controller-manager", [
    `--kubeconfig=${credentials.kubeconfig("controller-manager")}`,
    `--service-account-private-key-file=${at("accounts.key")}`,
    `--root-ca-file=${at("ca.crt")}`,
    "--use-service-account-credentials",
    `--cluster-cidr=${families.map(({ clusterRange }) => clusterRange).join(",")}`,
    "--allocate-node-cidrs=false",
    ...alone,
  ]);
  start("kube-scheduler", [`--kubeconfig=${credentials.kubeconfig("scheduler")}`, ...alone]);
}
