import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { namespaceNameLabel } from "@podwall/engine";
import type { GeneratedApp, GeneratedCluster, GeneratedPod } from "../generate/generated-cluster.ts";
import { yamlText } from "../generate/yaml-text.ts";
import type { Peer } from "./peer.ts";
import { probePort } from "./probe-port.ts";

/**
 * mattfenwick's simulator: whether every pod reaches every pod over one port. It reads one policy a file, and pods from
 * a model of its own.
 */
export const cyclonus: Peer = {
  name: "cyclonus",
  version: "v0.5.6",
  package: "github.com/mattfenwick/cyclonus/cmd/cyclonus",
  question: `analyze --mode probe: one port, TCP ${probePort}`,
  forms: ["pods"],
  prepare: ({ cluster, scratch }) => {
    const [policies, model] = [join(scratch, "policies"), join(scratch, "model.json")];
    mkdirSync(policies, { recursive: true });
    const documents = cluster.namespaces.flatMap((namespace) => namespace.policies);
    for (const [index, document] of documents.entries()) {
      writeFileSync(join(policies, `${index}.yaml`), yamlText(document));
    }
    writeFileSync(model, JSON.stringify(modelOf(cluster)));
    return ["analyze", "--mode", "probe", "--policy-path", policies, "--probe-path", model];
  },
  countPairs: countAllowed,
  podwallPairs: ({ podPairsAtProbePort }) => podPairsAtProbePort,
};

function modelOf({ namespaces }: GeneratedCluster): unknown {
  return {
    Probes: [{ Protocol: "TCP", Port: probePort }],
    Resources: {
      Namespaces: Object.fromEntries(
        namespaces.map(({ name, labels }) => [name, { ...labels, [namespaceNameLabel]: name }]),
      ),
      Pods: namespaces.flatMap(({ name, apps }) =>
        apps.flatMap((app) => app.pods.map((pod) => podModel(name, app, pod))),
      ),
    },
  };
}

function podModel(namespace: string, { ports }: GeneratedApp, { name, labels, addresses }: GeneratedPod): unknown {
  const declared = ports.map((port, index) => ({
    Name: `c${index}`,
    Port: port.port,
    PortName: port.name,
    Protocol: port.protocol,
  }));
  // A pod that does not declare the port would not be asked about.
  const probed = { Name: "probed", Port: probePort, PortName: "", Protocol: "TCP" };
  const isDeclared = ports.some(({ port, protocol }) => port === probePort && protocol === "TCP");
  const containers = isDeclared ? declared : [...declared, probed];
  return { Namespace: namespace, Name: name, Labels: labels, IP: addresses[0], Containers: containers };
}

/** Dots in the table under the first `Combined:`, but for those of a pod with itself. */
function countAllowed(text: string): number {
  const start = text.indexOf("Combined:");
  if (start < 0) throw new Error("cyclonus printed no combined table");
  let allowed = 0;
  let row = -1;
  for (let at = text.indexOf("\n", start) + 1; at > 0; at = text.indexOf("\n", at) + 1) {
    if (text[at] === "+") continue;
    if (text[at] !== "|") break;
    const end = text.indexOf("\n", at);
    const cells = text.slice(at, end < 0 ? undefined : end).split("|");
    // The first row names the columns; a row's first cell names its pod, and rows are in the order of columns.
    if (row >= 0) {
      for (const [column, cell] of cells.slice(2, -1).entries()) if (cell.trim() === "." && column !== row) allowed++;
    }
    row++;
  }
  return allowed;
}
