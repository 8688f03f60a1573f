import { balancerAddress, blockOutside, friendOutside, strangerOutside } from "./addresses.ts";

export const namespace = "corners";
const image = "registry.k8s.io/e2e-test-images/agnhost:2.59";

interface PodOptions {
  readonly node: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** What the main container serves. */
  readonly ports?: readonly number[];
  readonly hostNetwork?: boolean;
}

const metadata = (name: string, labels: Readonly<Record<string, string>> = {}): object => ({ name, namespace, labels });
const role = (name: string): object => ({ matchLabels: { role: name } });
const from = (...peers: readonly object[]): object => ({ from: peers });

/** A container that serves some ports; where it serves none, it sleeps. */
function container(name: string, ports: readonly number[], more: object = {}): object {
  const env = ports.map((port) => ({ name: `SERVE_PORT_${port}`, value: name }));
  const readinessProbe = { tcpSocket: { port: ports[0] }, periodSeconds: 1 };
  return { name, image, args: ["porter"], env, ...(ports.length === 0 ? {} : { readinessProbe }), ...more };
}

function pod(
  name: string,
  { node, labels = { role: name }, ports = [8080], hostNetwork = false }: PodOptions,
  more: object = {},
): object {
  // Stopped at once: these pods have nothing to finish.
  const spec = { nodeName: node, terminationGracePeriodSeconds: 0, containers: [container("main", ports)] };
  return { apiVersion: "v1", kind: "Pod", metadata: metadata(name, labels), spec: { ...spec, hostNetwork, ...more } };
}

/** The pods of a cluster whose nodes are these; on one node both are the same. */
export function pods({ near, far }: { readonly near: string; readonly far: string }): readonly object[] {
  const sidecar = container("side", [9090], {
    restartPolicy: "Always",
    ports: [{ name: "side", containerPort: 9090 }],
  });
  // An ordinary init container: nothing of it is left once the pod runs, its ports included.
  const setup = { name: "setup", image, args: ["--help"], ports: [{ name: "early", containerPort: 8080 }] };
  return [
    pod("friend", { node: near }),
    pod("stranger", { node: near }),
    pod("caged", { node: near }),
    pod("server", { node: far }),
    pod("by-node", { node: far }),
    pod("by-block", { node: far }),
    pod("with-sidecar", { node: far }, { initContainers: [setup, sidecar] }),
    // On the node's network it has no address of its own, whatever its labels say.
    pod("host-friend", { node: near, labels: { role: "friend" }, ports: [18_080], hostNetwork: true }),
    pod("host-server", { node: far, ports: [18_081], hostNetwork: true }),
    pod(
      "finished",
      { node: near, labels: { role: "friend", finished: "yes" }, ports: [] },
      {
        restartPolicy: "Never",
        containers: [{ name: "main", image, args: ["--help"] }],
      },
    ),
  ];
}

/** The pod that is to get the address of `finished`. */
export function heir(node: string): object {
  return pod("heir", { node });
}

export function services(): readonly object[] {
  const service = (name: string, target: string, spec: object): object => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(name),
    spec: { selector: { role: target }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
  });
  return [
    service("server", "server", {}),
    service("kept-source", "by-block", { type: "NodePort", externalTrafficPolicy: "Local" }),
    service("lost-source", "by-block", { type: "NodePort" }),
    service("lost-source-by-node", "by-node", { type: "NodePort" }),
    service("balanced", "by-block", { type: "LoadBalancer", externalTrafficPolicy: "Local" }),
  ];
}

/** What a cloud's controller writes once a load balancer is there. */
export const balancerStatus = { status: { loadBalancer: { ingress: [{ ip: balancerAddress, ipMode: "VIP" }] } } };

/** `nearAddresses` are those of the node that most clients are on. */
export function policies(nearAddresses: readonly string[]): readonly object[] {
  const policy = (name: string, spec: object): object => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata(name),
    spec,
  });
  return [
    policy("server", { podSelector: role("server"), ingress: [from({ podSelector: role("friend") })] }),
    policy("host-server", { podSelector: role("host-server") }),
    policy("by-node", {
      podSelector: role("by-node"),
      ingress: [from(...nearAddresses.map((own) => ({ ipBlock: { cidr: `${own}/${own.includes(":") ? 128 : 32}` } })))],
    }),
    policy("by-block", {
      podSelector: role("by-block"),
      ingress: [from({ ipBlock: { cidr: blockOutside, except: [`${strangerOutside}/32`] } })],
    }),
    policy("with-sidecar", {
      podSelector: role("with-sidecar"),
      ingress: [{ ports: [{ port: "side" }, { port: "early" }] }],
    }),
    policy("caged", { podSelector: role("caged"), policyTypes: ["Egress"] }),
    policy("finished", { podSelector: { matchLabels: { finished: "yes" } }, policyTypes: ["Ingress", "Egress"] }),
  ];
}

export const outsideAddresses = [friendOutside, strangerOutside];
