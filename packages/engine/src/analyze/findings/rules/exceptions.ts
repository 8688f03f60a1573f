import { type AddressInterval, intervalsOf, predicateOf } from "../../../rules/predicate.ts";
import type { Direction, IpBlockPeer, PolicyRule } from "../../../model/network-policy.ts";
import type { Pod } from "../../../model/pod.ts";
import type { Address } from "../../../net/address.ts";
import { type Cidr, cidrContains, formatCidr, parseCidr } from "../../../net/cidr.ts";
import { type ConnectionSet, isEmpty, isSubset } from "../../../net/connection-set.ts";
import { portsOfRule } from "../../../evaluate/ports-of-rule.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import { withoutInterval } from "../../address-intervals.ts";
import type { FindingInput } from "../input.ts";
import { type OwnedRule, rulesFor } from "../rule-reach.ts";
import { placesOf, podText, policyText } from "../words.ts";

/** Exceptions that another rule allows again, and blocks of all but some that undo what stricter policies deny. */
export function* exceptions(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    for (const direction of ["ingress", "egress"] as const) {
      for (const rule of policy[direction]) {
        for (const peer of rule.peers) {
          if (peer.kind !== "ipBlock" || peer.except.length === 0) continue;
          const block = { owned: { policy, rule }, peer, direction };
          yield* allowedAgain(input, block);
          yield* usedAsDeny(input, block);
        }
      }
    }
  }
}

interface Block {
  readonly owned: OwnedRule;
  readonly peer: IpBlockPeer;
  readonly direction: Direction;
}

function* allowedAgain(input: FindingInput, { owned, peer, direction }: Block): Iterable<Diagnostic> {
  for (const except of peer.except) {
    for (const pod of input.someSubjectsOf(owned.policy)) {
      const others = coveringRules(input, pod, { owned, peer, direction }, except);
      if (others === undefined || !isAllowed(input, pod, direction, except.first, owned.rule)) continue;
      const by = others[0] as OwnedRule;
      const where = by.policy === owned.policy ? by.rule.path : `${policyText(by.policy)}, ${by.rule.path}`;
      yield diagnostic(
        "PW3015",
        `${peer.path}.ipBlock.except: ${formatCidr(except)} is allowed again for ${podText(pod)} by ${where}`,
        {
          range: peer.range,
          related: others.flatMap(({ rule }) => placesOf({ message: "allowed again here", range: rule.range })),
          help: `take it out of the other rule too, with \`except: [${formatCidr(except)}]\` there`,
        },
      );
      break;
    }
  }
}

/** The rules beside this peer that together allow all of an exception, on all of the rule's ports. */
function coveringRules(
  input: FindingInput,
  pod: Pod,
  { owned, peer, direction }: Block,
  except: Cidr,
): readonly OwnedRule[] | undefined {
  const wanted = fixedPorts(owned.rule, except.first);
  if (isEmpty(wanted)) return undefined;
  let rest: readonly AddressInterval[] = [except];
  const used: OwnedRule[] = [];
  for (const other of rulesFor(input, pod, direction)) {
    if (!isSubset(wanted, fixedPorts(other.rule, except.first))) continue;
    const before = rest;
    if (other.rule.peers.length === 0) rest = [];
    for (const candidate of other.rule.peers) {
      if (candidate === peer || candidate.kind !== "ipBlock") continue;
      const predicate = predicateOf(candidate, other.policy.namespace);
      if (predicate.kind !== "block") continue;
      for (const interval of intervalsOf(predicate, [])) rest = withoutInterval(rest, interval);
    }
    if (rest.length !== before.length || rest.some((interval, index) => interval !== before[index])) used.push(other);
    if (rest.length === 0) return used;
  }
  return undefined;
}

/** What a rule is about at an address, which has no port names. */
function fixedPorts({ ports }: PolicyRule, address: Address): ConnectionSet {
  return portsOfRule(ports, { kind: "address", address });
}

function isAllowed(input: FindingInput, pod: Pod, direction: Direction, address: Address, rule: PolicyRule): boolean {
  const [self, other] = [{ kind: "pod", pod } as const, { kind: "address", address } as const];
  const evaluator = input.evaluator();
  const set = direction === "egress" ? evaluator.connections(self, other) : evaluator.connections(other, self);
  return isSubset(fixedPorts(rule, address), set);
}

function* usedAsDeny(input: FindingInput, { owned, peer, direction }: Block): Iterable<Diagnostic> {
  const { policy, rule } = owned;
  const says = /deny|block|forbid|drop|ban|reject|no-/i.test(policy.name);
  if (peer.cidr.prefix !== 0 || rule.ports.length > 0 || !(says || !peer.except.every(isPrivate))) return;
  for (const pod of input.someSubjectsOf(policy)) {
    const stricter = input.isolating(pod, direction).find((other) => other !== policy);
    if (stricter === undefined || isOpen(input, pod, direction, owned)) continue;
    const all = formatCidr(peer.cidr);
    yield diagnostic(
      "PW3016",
      `${peer.path}.ipBlock: all of ${all} but ${peer.except.map(formatCidr).join(", ")} is allowed for ${podText(pod)}, which ${policyText(stricter)} would deny`,
      {
        range: peer.range,
        related: placesOf({ message: `${policyText(stricter)} selects the same pods`, range: stricter.range }),
        help: "allow what is needed and nothing else; to deny whatever others allow takes a ClusterNetworkPolicy",
      },
    );
    return;
  }
}

/** Whether the other rules of a pod allow every address anyway. */
function isOpen(input: FindingInput, pod: Pod, direction: Direction, { rule: own }: OwnedRule): boolean {
  return rulesFor(input, pod, direction).some(
    ({ rule }) =>
      rule !== own &&
      rule.ports.length === 0 &&
      (rule.peers.length === 0 || rule.peers.some((peer) => peer.kind === "ipBlock" && peer.cidr.prefix === 0)),
  );
}

/** Who leaves these out of everything wants the internet and not his own networks, as is usual. */
function isPrivate(cidr: Cidr): boolean {
  return privateNetworks.some((network) => cidrContains(network, cidr.first) && cidrContains(network, cidr.last));
}

const privateNetworks: readonly Cidr[] = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
].flatMap((text) => parseCidr(text).cidr ?? []);
