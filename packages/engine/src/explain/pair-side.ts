import type { Endpoint } from "../evaluate/connection.ts";
import { portsOfRule } from "../evaluate/connections.ts";
import { alwaysAllowed, isolatingPolicies, matchingPeer } from "../evaluate/reference-evaluator.ts";
import type { Reason } from "../evaluate/verdict.ts";
import type { Cluster } from "../model/cluster.ts";
import type { Direction, NetworkPolicy, PolicyRule } from "../model/network-policy.ts";
import type { ConnectionSet } from "../net/connection-set.ts";

/** What one end's policies say about another end, for all protocols and ports at once. */
export interface PairSide {
  readonly direction: Direction;
  /** Why policies have no say; absent where the end is isolated. */
  readonly open?: Reason;
  readonly isolatedBy: readonly NetworkPolicy[];
  readonly rules: readonly {
    readonly policy: NetworkPolicy;
    readonly rule: PolicyRule;
    readonly peersMatch: boolean;
    /** What the rule allows where its peers match. */
    readonly allows: ConnectionSet;
  }[];
}

/** One direction's side of everything between two ends. */
export function pairSide(cluster: Cluster, direction: Direction, source: Endpoint, destination: Endpoint): PairSide {
  const [subject, peer] = direction === "egress" ? [source, destination] : [destination, source];
  const closed = { direction, isolatedBy: [], rules: [] };
  if (subject.kind === "address") return { ...closed, open: { kind: "not-a-subject", why: "address" } };
  const open = alwaysAllowed(cluster, subject.pod, peer);
  if (open !== undefined) return { ...closed, open };
  const isolatedBy = isolatingPolicies(cluster, subject.pod, direction);
  if (isolatedBy.length === 0) return { ...closed, open: { kind: "not-isolated" } };
  const rules = isolatedBy.flatMap((policy) =>
    policy[direction].map((rule) => ({
      policy,
      rule,
      peersMatch: matchingPeer(cluster, policy, rule, peer).matches,
      allows: portsOfRule(rule.ports, destination),
    })),
  );
  return { direction, isolatedBy, rules };
}
