import type { Address, ClusterNode } from "@podwall/engine";
import type { World } from "../world/world.ts";
import { each } from "./each.ts";
import { nodeGateway } from "./lab-addresses.ts";
import type { LabNode } from "./lay-nodes.ts";
import { dropRoutes, farEnd, layLink, nearEnd, readdressFarEnd, routesTo } from "./links.ts";
import type { WantedPod } from "./wanted.ts";

/** A pod with the names of its network namespace and of its node's end of its link. */
export interface LinkedPod extends WantedPod {
  readonly netns: string;
  readonly link: string;
}

/** Programs that run at a time. */
const concurrency = 8;

/** Makes pods' namespaces and joins them to their nodes. */
export async function layPods(world: World, nodes: readonly LabNode[], pods: readonly LinkedPod[]): Promise<void> {
  const netnsOf = (name: string): string => (nodes.find(({ node }) => node.name === name) as LabNode).netns;
  await world.ip(
    pods.flatMap(({ node, netns, link }) => [
      `netns add ${netns}`,
      layLink({ nearNetns: netnsOf(node), near: link, farNetns: netns, far: "eth0" }),
    ]),
  );
  await onNodes(world, nodes, pods, ({ link, addresses }, node) => [
    ...nearEnd(link, nodeGateway),
    ...routesTo(link, addresses, node.addresses),
  ]);
  await each(pods, concurrency, ({ netns, addresses }) => world.ip(farEnd("eth0", addresses, nodeGateway), netns));
}

/** Gives pods other addresses; `before` are those they had. */
export async function readdressPods(
  world: World,
  nodes: readonly LabNode[],
  pods: readonly (LinkedPod & { readonly before: readonly Address[] })[],
): Promise<void> {
  // All old addresses go before any new one comes: two pods may have swapped theirs.
  await onNodes(world, nodes, pods, ({ link, before }) => dropRoutes(link, before));
  await onNodes(world, nodes, pods, ({ link, addresses }, node) => routesTo(link, addresses, node.addresses));
  await each(pods, concurrency, ({ netns, before, addresses }) =>
    world.ip(readdressFarEnd("eth0", before, addresses, nodeGateway), netns),
  );
}

/** Takes a pod's namespace away. */
export async function removePod(world: World, nodes: readonly LabNode[], pod: LinkedPod): Promise<void> {
  // Link first: a namespace's own end, and with it the other one, would go only some time later.
  await onNodes(world, nodes, [pod], ({ link }) => [`link del ${link}`]);
  await world.ip([`netns del ${pod.netns}`]);
}

function onNodes<P extends LinkedPod>(
  world: World,
  nodes: readonly LabNode[],
  pods: readonly P[],
  lines: (pod: P, node: ClusterNode) => readonly string[],
): Promise<void> {
  return each(nodes, concurrency, ({ node, netns }) =>
    world.ip(
      pods.filter((pod) => pod.node === node.name).flatMap((pod) => lines(pod, node)),
      netns,
    ),
  );
}
