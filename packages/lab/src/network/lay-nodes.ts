import type { ClusterNode } from "@podwall/engine";
import type { World } from "../world/world.ts";
import { fabricGateway } from "./lab-addresses.ts";
import { closePodRanges, farEnd, layLink, nearEnd, routesToNode } from "./links.ts";

/** The namespaces of nodes have the nodes' numbers, because the names come from outside. */
export interface LabNode {
  readonly node: ClusterNode;
  readonly netns: string;
}

/** What a node is set to, as one that runs pods is. */
const nodeSettings = [
  "echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter",
  "echo 0 >/proc/sys/net/ipv4/conf/default/rp_filter",
  "echo 1 >/proc/sys/net/ipv4/ip_forward",
  "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding",
].join(" && ");

export const outsideNetns = "outside";
export const outsideLink = "outside0";

/** Makes the nodes' namespaces and the one of the rest of the world, and joins them all in the namespace between. */
export async function layNodes(world: World, nodes: readonly LabNode[]): Promise<void> {
  const between = nodes.flatMap(({ node, netns }) => [
    `netns add ${netns}`,
    layLink({ near: netns, farNetns: netns, far: "fabric0" }),
    ...nearEnd(netns, fabricGateway),
    ...routesToNode(netns, node).filter((line) => !line.includes(" via ")),
  ]);
  const rest = [
    `netns add ${outsideNetns}`,
    layLink({ near: outsideLink, farNetns: outsideNetns, far: "eth0" }),
    ...nearEnd(outsideLink, fabricGateway),
  ];
  await world.ip([...between, ...rest]);
  await Promise.all([
    world.ip(farEnd("eth0", [], fabricGateway), outsideNetns),
    ...nodes.map(async ({ node, netns }) => {
      await world.run(["sh", "-c", nodeSettings], { netns });
      await world.ip([...farEnd("fabric0", node.addresses, fabricGateway), ...closePodRanges(node)], netns);
    }),
  ]);
  // By way of the nodes' addresses, which can be reached only now that both ends of the links are up.
  await world.ip(
    nodes.flatMap(({ node, netns }) => routesToNode(netns, node).filter((line) => line.includes(" via "))),
  );
}
