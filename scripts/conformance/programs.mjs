import { goProgram, requiredVersion } from "../lib/go-program.mjs";
import { helmProgram } from "../lib/helm.mjs";
import { kernelHasSctp } from "./kernel-has-sctp.mjs";

/** @typedef {import("../lib/go-program.mjs").GoProgram} GoProgram */

const kubernetes = "conformance/kubernetes";
const cyclonus = "conformance/cyclonus";
const commands = "k8s.io/kubernetes/cmd";

/** Kubernetes' version, out of the module that it is built from. */
export const kubernetesVersion = requiredVersion(kubernetes, "k8s.io/kubernetes");

/**
 * Many tests probe the same by TCP, UDP and SCTP. Where nobody can open an SCTP socket, those of one protocol alone are skipped,
 * and the others leave its probes out and say so.
 * @type {import("../lib/go-program.mjs").Insertion}
 */
const withoutSctp = {
  module: "sigs.k8s.io/network-policy-api",
  file: "conformance/utils/kubernetes/helper.go",
  after: "timeoutConfig config.TimeoutConfig, shouldConnect bool) {",
  lines: '\n\tif protocol == "sctp" {\n\t\tt.Logf("not probed: this kernel has no SCTP sockets")\n\t\treturn\n\t}',
};

/** @returns {readonly GoProgram[]} */
const programs = () => [
  ...["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl"].map(
    (name) => ({
      name,
      module: kubernetes,
      package: `${commands}/${name}`,
      linkerFlags: versionFlags(),
    }),
  ),
  { name: "etcd", module: kubernetes, package: "go.etcd.io/etcd/server/v3" },
  { name: "agnhost", module: kubernetes, package: "k8s.io/kubernetes/test/images/agnhost" },
  { name: "agnhost-without-sctp", module: kubernetes, package: "./agnhost-without-sctp" },
  { name: "pause", module: kubernetes, package: "./pause" },
  { name: "ginkgo", module: kubernetes, package: "github.com/onsi/ginkgo/v2/ginkgo" },
  { name: "network-policy.test", module: kubernetes, package: "./netpol", kind: "test" },
  {
    name: "cluster-network-policy.test",
    module: "conformance/network-policy-api",
    package: "sigs.k8s.io/network-policy-api/conformance",
    kind: "test",
    ...(kernelHasSctp() ? {} : { insertion: withoutSctp }),
  },
  { name: "cyclonus-cases", module: cyclonus, package: "." },
  { name: "worker", module: cyclonus, package: "github.com/mattfenwick/cyclonus/cmd/worker" },
  helmProgram,
];

/** Builds what is not built yet, one after another: Go uses all processors by itself. Gives their paths by name. */
export async function buildPrograms() {
  /** @type {Record<string, string>} */
  const paths = {};
  for (const program of programs()) paths[program.name] = await goProgram(program);
  return paths;
}

/** As Kubernetes' own build sets them: `/version` and what depends on it are right. */
function versionFlags() {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(kubernetesVersion) ?? [];
  return ["k8s.io/client-go/pkg/version", "k8s.io/component-base/version"].flatMap((at) => [
    `-X ${at}.gitVersion=${kubernetesVersion}`,
    `-X ${at}.gitMajor=${major}`,
    `-X ${at}.gitMinor=${minor}`,
  ]);
}
