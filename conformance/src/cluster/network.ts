import type { Settings } from "../settings.ts";
import { type NodePlan, familiesOf } from "./plan.ts";
import { outputOf } from "./processes.ts";

const bridge = "nodes";

/**
 * Lays the nodes' network inside this process's own network namespace, which is the outside: every node is a namespace with
 * a link to one bridge, and routes to the other nodes' pods, as a cloud's routes would be.
 */
export async function layNetwork(nodes: readonly NodePlan[], settings: Settings): Promise<void> {
  await ip("link set lo up");
  await ip(`link add ${bridge} type bridge`);
  const families = familiesOf(settings);
  for (const { outside, prefixLength } of families) await address(outside, prefixLength, bridge);
  await ip(`link set ${bridge} up`);
  await forward();
  // The bridge is a wire here: what crosses it is nobody's to filter.
  await write("net.bridge.bridge-nf-call-iptables=0").catch(() => undefined);
  for (const node of nodes) await addNode(node, settings);
  for (const node of nodes) {
    // What crosses the pods' bridge is to pass the rules, as a node's administrator has to see to.
    if (settings.cni === "bridge")
      for (const tables of ["iptables", "ip6tables"]) await write(`net.bridge.bridge-nf-call-${tables}=1`, node.name);
    await routeToPods(node);
    for (const other of nodes) if (other !== node) await routeToPods(other, node.name);
  }
}

async function routeToPods({ podRanges, addresses }: NodePlan, netns?: string): Promise<void> {
  for (const [index, range] of podRanges.entries()) await ip(`route add ${range} via ${addresses[index]}`, netns);
}

async function addNode({ name, addresses }: NodePlan, settings: Settings): Promise<void> {
  await ip(`netns add ${name}`);
  await ip(`link add ${name} type veth peer name eth0 netns ${name}`);
  await ip(`link set ${name} master ${bridge} up`);
  await ip("link set lo up", name);
  await ip("link set eth0 up", name);
  for (const [index, { outside, prefixLength }] of familiesOf(settings).entries()) {
    await address(addresses[index] ?? "", prefixLength, "eth0", name);
    await ip(`route add default via ${outside}`, name);
  }
  await forward(name);
}

/** Nobody else has it, so nobody is asked whether they do. */
async function address(own: string, prefixLength: number, device: string, netns?: string): Promise<void> {
  const unasked = own.includes(":") ? " nodad" : "";
  await ip(`address add ${own}/${prefixLength} dev ${device}${unasked}`, netns);
}

async function forward(netns?: string): Promise<void> {
  for (const setting of ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]) await write(setting, netns);
}

async function ip(words: string, netns?: string): Promise<void> {
  await outputOf(["ip", ...words.split(" ")], netns === undefined ? {} : { netns });
}

async function write(setting: string, netns?: string): Promise<void> {
  await outputOf(["sysctl", "-qw", setting], netns === undefined ? {} : { netns });
}
