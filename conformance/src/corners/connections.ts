import { balancerAddress, friendOutside, strangerOutside } from "./addresses.ts";
import type { Connection, Source } from "./connection.ts";

/** Where everything is, once it runs. */
export interface Addresses {
  /** Of pods, by name: one of each family of the cluster. */
  readonly pods: ReadonlyMap<string, readonly string[]>;
  /** Of Services, by name. */
  readonly services: ReadonlyMap<string, { readonly address: string; readonly nodePort: number }>;
  readonly near: { readonly name: string; readonly address: string };
  readonly far: { readonly name: string; readonly address: string };
}

const hostNetwork = "host network";
const nodes = "nodes";
const sidecars = "sidecars";
const blocks = "ipBlock of the outside";
const nodePorts = "NodePort";
const balancers = "load balancer";
const reuse = "a finished pod's address";

/**
 * Everything that the suite tries. Without a second node, what needs two is left out; with a second family, what is inside the
 * cluster and to a pod is tried by that too.
 */
export function connectionsOf(addresses: Addresses): readonly Connection[] {
  const { pods } = addresses;
  const all = connectionsOfOne({ ...addresses, pods: new Map([...pods].map(([name, [first = ""]]) => [name, first])) });
  const again = all.flatMap((connection): Connection[] => {
    const second = pods.get(connection.toPod ?? "")?.[1];
    if (second === undefined || connection.from.kind === "outside") return [];
    return [{ ...connection, shows: `${connection.shows}, IPv6`, address: second }];
  });
  return [...all, ...again];
}

/** By one address of each pod. */
function connectionsOfOne({
  pods,
  services,
  near,
  far,
}: Omit<Addresses, "pods"> & { readonly pods: ReadonlyMap<string, string> }): readonly Connection[] {
  const connection = (
    shows: string,
    source: Source,
    [what, address, port, toPod]: readonly [string, string, number, string?],
    expected: Connection["expected"],
  ): Connection => ({ shows, from: source, what, address, port, expected, ...(toPod === undefined ? {} : { toPod }) });
  const pod = (name: string): Source => ({ kind: "pod", name });
  const node = ({ name }: { readonly name: string }): Source => ({ kind: "node", name });
  const outside = (address: string): Source => ({ kind: "outside", address });
  const toPod = (name: string, port = 8080) => [`${name} ${port}`, pods.get(name) ?? "", port, name] as const;
  const toService = (name: string) => [`Service ${name}`, services.get(name)?.address ?? "", 80] as const;
  const toNodePort = (name: string, at: Addresses["near"]) =>
    [`NodePort ${name} of ${at.name}`, at.address, services.get(name)?.nodePort ?? 0] as const;
  const balancer = ["load balancer balanced", balancerAddress, 80] as const;
  const [friend, stranger] = [outside(friendOutside), outside(strangerOutside)];
  const ofOne: readonly Connection[] = [
    connection("Service", pod("friend"), toService("server"), "open"),
    connection("Service", pod("stranger"), toService("server"), "denied"),
    connection(hostNetwork, pod("stranger"), toPod("host-server", 18_081), "open"),
    connection(nodes, node(far), toPod("server"), "open"),
    connection(nodes, pod("caged"), [`kubelet of ${near.name}`, near.address, 10_250], "open"),
    connection(nodes, pod("caged"), toPod("friend"), "denied"),
    connection(sidecars, pod("stranger"), toPod("with-sidecar", 9090), "open"),
    connection("ordinary init containers", pod("stranger"), toPod("with-sidecar", 8080), "denied"),
    connection(blocks, friend, toPod("by-block"), "open"),
    connection(blocks, stranger, toPod("by-block"), "denied"),
    connection(blocks, pod("friend"), toPod("by-block"), "denied"),
    connection(nodePorts, friend, toNodePort("kept-source", far), "open"),
    connection(nodePorts, stranger, toNodePort("kept-source", far), "denied"),
    connection(balancers, friend, balancer, "open"),
    connection(balancers, stranger, balancer, "denied"),
    connection(reuse, pod("heir"), toPod("server"), "denied"),
    connection(reuse, pod("heir"), toPod("friend"), "open"),
    connection(reuse, pod("stranger"), toPod("heir"), "open"),
  ];
  if (near.name === far.name) return ofOne;
  return [
    ...ofOne,
    // Its address is the node's, so its labels open nothing, and an ipBlock of the node does.
    connection(hostNetwork, pod("host-friend"), toPod("server"), "denied"),
    connection(hostNetwork, pod("host-friend"), toPod("by-node"), "open"),
    connection(nodes, node(near), toPod("server"), "denied"),
    connection(nodes, node(near), toPod("by-node"), "open"),
    connection(nodes, pod("caged"), [`kubelet of ${far.name}`, far.address, 10_250], "denied"),
    // By another node than the pod's, kube-proxy gives a connection that node's address.
    connection(nodePorts, friend, toNodePort("lost-source", near), "denied"),
    connection(nodePorts, stranger, toNodePort("lost-source-by-node", near), "open"),
  ];
}
