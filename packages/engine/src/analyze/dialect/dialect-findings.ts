import type { Cluster } from "../../model/cluster.ts";
import type { IpBlockPeer, PolicyPort, PolicyRule } from "../../model/network-policy.ts";
import type { Address } from "../../net/address.ts";
import { cidrContains, formatCidr } from "../../net/cidr.ts";
import { diagnostic } from "../../source/catalogue.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { listText, podText } from "../findings/words.ts";
import { type Dialect, behaviourEntries, dialectEntries } from "./dialect.ts";

/**
 * Items of rules that mean something else on a network plugin than the API says, judged by what is in the cluster. That blocks
 * which are for others too do not hold pods is said once, at the first of them.
 */
export function dialectFindings(cluster: Cluster, dialect: Dialect): readonly Diagnostic[] {
  const { name, behaviours } = dialectEntries[dialect];
  const rules = cluster.policies.flatMap(({ ingress, egress }) => [...ingress, ...egress]);
  return [
    ...(behaviours.includes("blocks-skip-pods") ? blockFindings(name, cluster, rules) : []),
    ...(behaviours.includes("end-port-ignored")
      ? rules.flatMap(({ ports }) => ports.flatMap((port) => rangeFinding(name, port)))
      : []),
  ];
}

/** An address of the cluster, and whose it is. */
interface KnownAddress {
  readonly address: Address;
  readonly whose: string;
}

function addressesOf({ pods, nodes }: Cluster): readonly KnownAddress[] {
  return [
    ...pods
      .filter(({ completed }) => !completed)
      .flatMap((pod) => pod.addresses.map((address) => ({ address, whose: podText(pod) }))),
    ...[...nodes.values()].flatMap((node) =>
      node.addresses.map((address) => ({ address, whose: `node ${node.name}` })),
    ),
  ];
}

function blockFindings(plugin: string, cluster: Cluster, rules: readonly PolicyRule[]): readonly Diagnostic[] {
  const known = addressesOf(cluster);
  const help = `where pods are meant, select them by their labels with \`podSelector\` and \`namespaceSelector\` (${behaviourEntries["blocks-skip-pods"].source})`;
  const useless: Diagnostic[] = [];
  const wide: (IpBlockPeer & { readonly whose: readonly string[] })[] = [];
  for (const peer of rules.flatMap(({ peers }) => peers)) {
    if (peer.kind !== "ipBlock") continue;
    const held = known.filter(({ address }) => holds(peer, address));
    const isOneOfThem = held.length > 0 && peer.cidr.prefix === (peer.cidr.family === 4 ? 32 : 128);
    if (isOneOfThem || isOfPods(cluster, peer)) {
      const message = `${peer.path}: on ${plugin} ${formatCidr(peer.cidr)} matches nothing: it holds addresses of the cluster's own only`;
      useless.push(diagnostic("PW3901", message, { range: peer.range, help }));
    } else if (held.length > 0) wide.push({ ...peer, whose: held.map(({ whose }) => whose) });
  }
  return [...useless, ...wideFinding(plugin, wide, help)];
}

/** Blocks that hold the outside as well mean something everywhere; that pods are not among it needs no saying at each. */
function wideFinding(
  plugin: string,
  blocks: readonly (IpBlockPeer & { readonly whose: readonly string[] })[],
  help: string,
): readonly Diagnostic[] {
  const [first, ...others] = blocks;
  if (first === undefined) return [];
  const whose = [...new Set(blocks.flatMap((block) => block.whose))];
  const names =
    whose.length > mostNamed
      ? `${whose.slice(0, mostNamed).join(", ")} and ${whose.length - mostNamed} more`
      : listText(whose);
  const more =
    others.length === 0 ? "" : `; so ${others.length === 1 ? "does 1 more block" : `do ${others.length} more blocks`}`;
  return [
    diagnostic(
      "PW3901",
      `${first.path}: on ${plugin} ${formatCidr(first.cidr)} means addresses outside only, and not ${names}${more}`,
      {
        range: first.range,
        related: others
          .slice(0, mostNamed)
          .flatMap(({ cidr, range }) => (range === undefined ? [] : [{ message: `${formatCidr(cidr)}, too`, range }])),
        help: `${help}; \`podwall diff --dialect\` lists the connections that depend on it`,
      },
    ),
  ];
}

const mostNamed = 3;

function holds({ cidr, except }: IpBlockPeer, address: Address): boolean {
  return cidrContains(cidr, address) && !except.some((one) => cidrContains(one, address));
}

/** Whether a block is in a range of pods. */
function isOfPods({ nodes }: Cluster, { cidr }: IpBlockPeer): boolean {
  return [...nodes.values()].some(({ podCidrs }) =>
    podCidrs.some((range) => range.prefix <= cidr.prefix && cidrContains(range, cidr.first)),
  );
}

function rangeFinding(plugin: string, { port, path, protocol, range }: PolicyPort): readonly Diagnostic[] {
  if (port.kind !== "interval" || port.first === port.last) return [];
  const message = `${path}: on ${plugin} only ${protocol} ${port.first} of ${port.first}-${port.last} is open`;
  return [
    diagnostic("PW3901", message, {
      range,
      help: `list each port that is needed (${behaviourEntries["end-port-ignored"].source})`,
    }),
  ];
}
