import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Prepared, Settings } from "../settings.ts";
import type { Credentials, User } from "./certificates.ts";
import { makeCgroup } from "./cgroups.ts";
import { type NodePlan, familiesOf } from "./plan.ts";
import { outputOf, run, startServer } from "./processes.ts";
import { until } from "./until.ts";

/** The name of the pods' network: host-local keeps its addresses in a folder of that name. */
export const podNetwork = "pods";

/** The image that holds a pod's namespaces. */
export const pauseImage = "podwall.dev/conformance-pause:1";

/** Starts containerd, kubelet and kube-proxy on a node, and gives containerd the images. */
export async function startNode(prepared: Prepared, node: NodePlan, credentials: Credentials): Promise<void> {
  const { programs, settings, images, results, cgroup } = prepared;
  const folder = join(prepared.work, node.name);
  const place = { netns: node.name };
  const logs = join(results, "logs", node.name);
  mkdirSync(join(folder, "cni"), { recursive: true });
  const socket = join(folder, "containerd.sock");
  const file = (name: string, content: string | object): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
    return path;
  };

  file("cni/10-pods.conflist", pluginChain(node, settings, join(folder, "addresses")));
  const containerd = file("containerd.toml", containerdSettings(folder, socket));
  startServer("containerd", ["containerd", "-c", containerd], place, logs);
  const ctr = ["ctr", "--address", socket, "--namespace", "k8s.io"];
  await until(`containerd of ${node.name} answers`, async () => (await run([...ctr, "version"], place)).code === 0);
  for (const image of images) await outputOf([...ctr, "images", "import", image], place, { timeoutMs: 300_000 });

  const cgroupRoot = `${cgroup}/${node.name}`;
  makeCgroup(cgroupRoot);
  const kubelet = file("kubelet.json", kubeletSettings(folder, socket, `/${cgroupRoot}`, credentials));
  startServer(
    "kubelet",
    [
      programs["kubelet"] ?? "kubelet",
      `--config=${kubelet}`,
      `--kubeconfig=${credentials.kubeconfig(node.name as User)}`,
      `--root-dir=${join(folder, "kubelet")}`,
      `--cert-dir=${join(folder, "kubelet-certificates")}`,
      `--hostname-override=${node.name}`,
      `--node-ip=${node.addresses.join(",")}`,
    ],
    place,
    logs,
  );
  const proxy = file("proxy.json", proxySettings(node, settings, credentials));
  startServer("kube-proxy", [programs["kube-proxy"] ?? "kube-proxy", `--config=${proxy}`], place, logs);
}

/** Every pod has a link of its own, to the node or to a bridge there. */
function pluginChain({ podRanges }: NodePlan, settings: Settings, addresses: string): object {
  const ipam = {
    type: "host-local",
    dataDir: addresses,
    ranges: podRanges.map((subnet) => [{ subnet }]),
    routes: familiesOf(settings).map(({ everything }) => ({ dst: everything })),
  };
  const link =
    settings.cni === "ptp" ? { type: "ptp" } : { type: "bridge", bridge: "pods", isGateway: true, hairpinMode: true };
  return {
    cniVersion: "1.0.0",
    name: podNetwork,
    plugins: [
      { ...link, ipMasq: false, ipam },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

function containerdSettings(folder: string, socket: string): string {
  return `version = 2
root = "${folder}/containerd"
state = "${folder}/containerd-state"
[grpc]
  address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
`;
}

function kubeletSettings(folder: string, socket: string, cgroupRoot: string, credentials: Credentials): object {
  // The suites' pods look up no names.
  const resolvConf = join(folder, "resolv.conf");
  writeFileSync(resolvConf, "nameserver 127.0.0.1\n");
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    containerRuntimeEndpoint: `unix://${socket}`,
    cgroupRoot,
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(credentials.folder, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    resolvConf,
    podLogsDir: join(folder, "pod-logs"),
    volumePluginDir: join(folder, "volume-plugins"),
    // Images come from nowhere but the archives.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
    serializeImagePulls: false,
  };
}

function proxySettings({ name }: NodePlan, settings: Settings, credentials: Credentials): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: settings.proxyMode,
    clientConnection: { kubeconfig: credentials.kubeconfig("proxy") },
    clusterCIDR: familiesOf(settings)
      .map(({ clusterRange }) => clusterRange)
      .join(","),
    hostnameOverride: name,
    // Those settings are the machine's, not a network namespace's.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}
