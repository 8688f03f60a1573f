import type { IpBlockPeer } from "../../../model/network-policy.ts";
import { isPolicyPod } from "../../../model/pod.ts";
import { type Address, formatAddress } from "../../../net/address.ts";
import { type Cidr, cidrContains, formatCidr } from "../../../net/cidr.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { listText, podText } from "../words.ts";

/** Blocks over addresses that the input's pods, Services and nodes have. Blocks for whole private networks are left out. */
export function* clusterAddresses(input: FindingInput): Iterable<Diagnostic> {
  const known = knownAddresses(input);
  if (known.pods.length + known.services.length + known.nodes.length + known.ranges.length === 0) return;
  for (const policy of input.policies) {
    for (const rule of [...policy.ingress, ...policy.egress]) {
      for (const peer of rule.peers) {
        if (peer.kind !== "ipBlock" || isWide(peer.cidr)) continue;
        const found = blockFinding(peer, known, rule.path.startsWith("spec.egress"));
        if (found !== undefined) yield found;
      }
    }
  }
}

interface Named {
  readonly name: string;
  readonly address: Address;
}

interface KnownAddresses {
  readonly pods: readonly Named[];
  readonly services: readonly Named[];
  readonly nodes: readonly Named[];
  readonly ranges: readonly { readonly name: string; readonly cidr: Cidr }[];
}

function knownAddresses({ cluster }: FindingInput): KnownAddresses {
  const nodes = [...cluster.nodes.values()];
  return {
    pods: cluster.pods
      .filter(isPolicyPod)
      .flatMap((pod) => pod.addresses.map((address) => ({ name: podText(pod), address }))),
    services: cluster.services.flatMap(({ namespace, name, addresses }) =>
      addresses.map((address) => ({ name: `Service ${namespace}/${name}`, address })),
    ),
    nodes: nodes.flatMap(({ name, addresses }) => addresses.map((address) => ({ name: `node ${name}`, address }))),
    ranges: nodes.flatMap(({ name, podCidrs }) => podCidrs.map((cidr) => ({ name: `the pods of node ${name}`, cidr }))),
  };
}

/** Such blocks stand for what is private or public, not for something of the cluster. */
function isWide({ family, prefix }: Cidr): boolean {
  return prefix < (family === 4 ? 9 : 33);
}

function blockFinding(peer: IpBlockPeer, known: KnownAddresses, isEgress: boolean): Diagnostic | undefined {
  const { cidr, except } = peer;
  const has = ({ address }: Named): boolean =>
    cidrContains(cidr, address) && !except.some((hole) => cidrContains(hole, address));
  const pods = known.pods.filter(has);
  const ranges = known.ranges.filter(
    (one) =>
      cidrContains(cidr, one.cidr.first) ||
      (cidrContains(one.cidr, cidr.first) && !except.some((hole) => cidrContains(hole, one.cidr.first))),
  );
  const services = isEgress ? known.services.filter(has) : [];
  const nodes = known.nodes.filter(has);
  const text = formatCidr(cidr);
  const shown = (all: readonly { readonly name: string }[]): string =>
    listText([...new Set(all.map(({ name }) => name))]);
  const { range } = peer;
  if (pods.length > 0 || ranges.length > 0) {
    return diagnostic("PW3014", `${peer.path}.ipBlock: ${text} covers ${shown([...pods, ...ranges])}`, {
      range,
      severity: pods.length > 0 && cidr.first.words.join() === cidr.last.words.join() ? "warning" : "info",
      help: "a pod's address is another after a restart, and some network plugins match no pod by address: select it by its labels",
    });
  }
  if (services.length > 0) {
    return diagnostic("PW3014", `${peer.path}.ipBlock: ${text} covers ${shown(services)}`, {
      range,
      severity: "warning",
      help: "a Service's address is replaced by a pod's before rules are judged: select the pods behind it by their labels",
    });
  }
  if (nodes.length === 0) return undefined;
  const [node] = nodes as [Named];
  return diagnostic("PW3014", `${peer.path}.ipBlock: ${text} covers ${shown(nodes)} (${formatAddress(node.address)})`, {
    range,
    help: "this also allows every hostNetwork pod there; some network plugins, Cilium among them, match no node by address",
  });
}
