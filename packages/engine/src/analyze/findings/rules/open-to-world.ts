import type { Endpoint } from "../../../evaluate/connection.ts";
import type { Direction, IpBlockPeer, NetworkPolicy, PolicyPeer, PolicyRule } from "../../../model/network-policy.ts";
import type { Pod } from "../../../model/pod.ts";
import { type Address, formatAddress } from "../../../net/address.ts";
import { cidrContains, formatCidr } from "../../../net/cidr.ts";
import { type ConnectionSet, allConnections, allows, isSubset } from "../../../net/connection-set.ts";
import { portsOfRule } from "../../../evaluate/ports-of-rule.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { knownAddress } from "../rule-reach.ts";
import { podsText } from "../words.ts";

/** Rules by which every address is allowed on every port, and blocks that hold the cloud's metadata service. */
export function* openToWorld(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    for (const direction of ["ingress", "egress"] as const) {
      const open = policy[direction].find((rule) => isForWorld(rule));
      if (open !== undefined) yield* worldFinding(input, policy, direction, open);
    }
    for (const rule of policy.egress) {
      for (const peer of rule.peers) if (peer.kind === "ipBlock") yield* metadataFinding(input, policy, rule, peer);
    }
  }
}

/** An address of documentation (RFC 5737), such as anyone outside may have. */
const someone: Endpoint = { kind: "address", address: knownAddress("203.0.113.1") };

/** Where clouds give out credentials: IPv4 in all of them, IPv6 in Amazon's. */
const metadataAddresses: readonly Address[] = ["169.254.169.254", "fd00:ec2::254"].map(knownAddress);

function isForWorld({ peers, ports }: PolicyRule): boolean {
  return ports.length === 0 && (peers.length === 0 || peers.some(isWorld));
}

function isWorld(peer: PolicyPeer): boolean {
  return peer.kind === "ipBlock" && peer.cidr.family === 4 && peer.cidr.prefix === 0 && peer.except.length === 0;
}

function* worldFinding(
  input: FindingInput,
  policy: NetworkPolicy,
  direction: Direction,
  rule: PolicyRule,
): Iterable<Diagnostic> {
  const open = input
    .someSubjectsOf(policy)
    .filter((pod) => isSubset(allConnections, between(input, pod, direction, someone)));
  if (open.length === 0) return;
  const range = (rule.peers.find(isWorld) ?? rule).range;
  if (direction === "ingress") {
    yield diagnostic("PW3019", `${rule.path}: everybody may connect to every port of ${podsText(open)}`, {
      range,
      help: `limit it to the ports that are meant for everybody${portsHint(open)}`,
    });
    return;
  }
  const [metadata] = metadataAddresses as [Address];
  const toMetadata = open.some((pod) => reaches(input, pod, metadata));
  const also = toMetadata ? `, the cloud's metadata service (${formatAddress(metadata)}) included` : "";
  yield diagnostic("PW3018", `${rule.path}: ${podsText(open)} may send everything everywhere${also}`, {
    range,
    help: "name who is called and on which ports; for the internet an `ipBlock` with `except` for private networks and a port",
  });
}

function portsHint(pods: readonly Pod[]): string {
  const declared = [...new Set(pods.flatMap((pod) => pod.ports.map(({ protocol, port }) => `${protocol} ${port}`)))];
  return declared.length === 0 || declared.length > 5 ? "" : `; declared are ${declared.join(", ")}`;
}

function between(input: FindingInput, pod: Pod, direction: Direction, other: Endpoint): ConnectionSet {
  const self: Endpoint = { kind: "pod", pod };
  const evaluator = input.evaluator();
  return direction === "egress" ? evaluator.connections(self, other) : evaluator.connections(other, self);
}

/** The service answers on TCP port 80. */
function reaches(input: FindingInput, pod: Pod, address: Address): boolean {
  return allows(between(input, pod, "egress", { kind: "address", address }), "TCP", 80);
}

function* metadataFinding(
  input: FindingInput,
  policy: NetworkPolicy,
  { ports }: PolicyRule,
  peer: IpBlockPeer,
): Iterable<Diagnostic> {
  const { cidr, except } = peer;
  for (const address of metadataAddresses) {
    const isIn = cidrContains(cidr, address) && !except.some((hole) => cidrContains(hole, address));
    // Who allows just this network means it.
    if (!isIn || cidr.prefix >= (cidr.family === 4 ? 16 : 64)) continue;
    if (!allows(portsOfRule(ports, { kind: "address", address }), "TCP", 80)) continue;
    const pods = input.someSubjectsOf(policy).filter((pod) => reaches(input, pod, address));
    if (pods.length === 0) continue;
    const text = formatAddress(address);
    yield diagnostic("PW3017", `${peer.path}.ipBlock: ${formatCidr(cidr)} lets ${podsText(pods)} reach ${text}`, {
      range: peer.range,
      help: `add \`except: [${text}/${address.family === 4 ? 32 : 128}]\`, and see that no other rule allows it`,
    });
  }
}
