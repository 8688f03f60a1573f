import type { NodePlan } from "./plan.ts";
import { outsideAddress, prefixLength } from "./plan.ts";
import { outputOf } from "./processes.ts";

const bridge = "nodes";

/**
 * Lays the nodes' network inside this process's own network namespace, which is the outside: every node is a namespace with
 * a link to one bridge, and routes to the other nodes' pods, as a cloud's routes would be.
 */
export async function layNetwork(nodes: readonly NodePlan[]): Promise<void> {
  await ip("link set lo up");
  await ip(`link add ${bridge} type bridge`);
  await ip(`address add ${outsideAddress}/${prefixLength} dev ${bridge}`);
  await ip(`link set ${bridge} up`);
  await write("net.ipv4.ip_forward=1");
  // The bridge is a wire here: what crosses it is nobody's to filter.
  await write("net.bridge.bridge-nf-call-iptables=0").catch(() => undefined);
  for (const node of nodes) await addNode(node);
  for (const node of nodes) {
    await ip(`route add ${node.podRange} via ${node.address}`);
    for (const other of nodes)
      if (other !== node) await ip(`route add ${other.podRange} via ${other.address}`, node.name);
  }
}

async function addNode({ name, address }: NodePlan): Promise<void> {
  await ip(`netns add ${name}`);
  await ip(`link add ${name} type veth peer name eth0 netns ${name}`);
  await ip(`link set ${name} master ${bridge} up`);
  await ip("link set lo up", name);
  await ip(`address add ${address}/${prefixLength} dev eth0`, name);
  await ip("link set eth0 up", name);
  await ip(`route add default via ${outsideAddress}`, name);
  await write("net.ipv4.ip_forward=1", name);
}

async function ip(words: string, netns?: string): Promise<void> {
  await outputOf(["ip", ...words.split(" ")], netns === undefined ? {} : { netns });
}

async function write(setting: string, netns?: string): Promise<void> {
  await outputOf(["sysctl", "-qw", setting], netns === undefined ? {} : { netns });
}
