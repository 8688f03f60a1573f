import type { Cluster } from "../../model/cluster.ts";
import type { IpBlockPeer, PolicyPort } from "../../model/network-policy.ts";
import type { Address } from "../../net/address.ts";
import { cidrContains, formatCidr } from "../../net/cidr.ts";
import { diagnostic } from "../../source/catalogue.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { listText, podText } from "../findings/words.ts";
import { type Dialect, behaviourEntries, dialectEntries } from "./dialect.ts";

/** Items of rules that mean something else on a network plugin than the API says, judged by what is in the cluster. */
export function dialectFindings(cluster: Cluster, dialect: Dialect): readonly Diagnostic[] {
  const { name, behaviours } = dialectEntries[dialect];
  const known = addressesOf(cluster);
  return cluster.policies.flatMap((policy) => {
    const rules = [...policy.ingress, ...policy.egress];
    const blocks = behaviours.includes("blocks-skip-pods")
      ? rules.flatMap(({ peers }) =>
          peers.flatMap((peer) => (peer.kind === "ipBlock" ? blockFinding(name, peer, cluster, known) : [])),
        )
      : [];
    const ranges = behaviours.includes("end-port-ignored")
      ? rules.flatMap(({ ports }) => ports.flatMap((port) => rangeFinding(name, port)))
      : [];
    return [...blocks, ...ranges];
  });
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

function blockFinding(
  plugin: string,
  peer: IpBlockPeer,
  { nodes }: Cluster,
  known: readonly KnownAddress[],
): readonly Diagnostic[] {
  const held = known.filter(
    ({ address }) => cidrContains(peer.cidr, address) && !peer.except.some((except) => cidrContains(except, address)),
  );
  const isOfPods = [...nodes.values()].some(({ podCidrs }) =>
    podCidrs.some((range) => range.prefix <= peer.cidr.prefix && cidrContains(range, peer.cidr.first)),
  );
  const isOneOfThem = held.length > 0 && peer.cidr.prefix === (peer.cidr.family === 4 ? 32 : 128);
  if (held.length === 0 && !isOfPods) return [];
  const whose = listText([...new Set(held.map((one) => one.whose))]);
  const said =
    isOfPods || isOneOfThem
      ? "matches nothing: it holds addresses of the cluster's own only"
      : `does not match ${whose}, whose addresses it holds`;
  return [
    diagnostic("PW3901", `${peer.path}: on ${plugin} ${formatCidr(peer.cidr)} ${said}`, {
      range: peer.range,
      help: `select pods by their labels with \`podSelector\` and \`namespaceSelector\` (${behaviourEntries["blocks-skip-pods"].source})`,
    }),
  ];
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
