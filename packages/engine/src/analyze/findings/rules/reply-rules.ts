import type { Direction, NetworkPolicy, PolicyRule } from "../../../model/network-policy.ts";
import type { Pod } from "../../../model/pod.ts";
import { predicateOf } from "../../../rules/predicate.ts";
import { diagnostic } from "../../../source/catalogue.ts";
import type { Diagnostic } from "../../../source/diagnostic.ts";
import type { FindingInput } from "../input.ts";
import { listens } from "../listening.ts";
import { placesOf, portText } from "../words.ts";

/** Rules for the ports of clients, towards those to whom a rule of the other direction allows connections. */
export function* replyRules(input: FindingInput): Iterable<Diagnostic> {
  for (const policy of input.policies) {
    for (const direction of ["ingress", "egress"] as const) {
      const opposite = direction === "ingress" ? "egress" : "ingress";
      for (const rule of policy[direction]) {
        if (rule.ports.length === 0 || !rule.ports.every(isForClients)) continue;
        const answered = policy[opposite].find(
          (other) => other.ports.length > 0 && !other.ports.some(isForClients) && hasPeersOf(policy, other, rule),
        );
        if (answered === undefined || somebodyListens(input, policy, direction, rule)) continue;
        const ports = rule.ports.map(portText).join(", ");
        yield diagnostic(
          "PW3027",
          `${rule.path}: ${ports} are the ports of clients, to whom ${answered.path} lets answers pass already`,
          {
            range: rule.range,
            related: placesOf({ message: "the connections that are answered", range: answered.range }),
            help: "remove the rule: replies to an allowed connection need none",
          },
        );
      }
    }
  }
}

/** Ports that systems give to clients: a range from 1024 or later to the last ports, or so. */
function isForClients({ port }: PolicyRule["ports"][number]): boolean {
  return port.kind === "interval" && port.first >= 1024 && port.last >= 60_000 && port.last - port.first >= 10_000;
}

function hasPeersOf({ namespace }: NetworkPolicy, a: PolicyRule, b: PolicyRule): boolean {
  const keys = ({ peers }: PolicyRule): string =>
    peers
      .map((peer) => predicateOf(peer, namespace).key)
      .sort()
      .join(" | ");
  return keys(a) === keys(b);
}

function somebodyListens(input: FindingInput, policy: NetworkPolicy, direction: Direction, rule: PolicyRule): boolean {
  const { ports } = rule;
  const listensThere = (pod: Pod): boolean =>
    ports.some(
      ({ protocol, port }) => port.kind === "interval" && listens(input, pod, protocol, port.first, port.last),
    );
  if (direction === "ingress") return input.subjectsOf(policy).some(listensThere);
  return rule.peers.some((peer) => {
    const predicate = predicateOf(peer, policy.namespace);
    return predicate.kind === "pods" && input.podsOf(predicate).some(listensThere);
  });
}
