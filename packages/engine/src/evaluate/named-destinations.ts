import type { Cluster } from "../model/cluster.ts";
import type { ClusterPolicy, TierRule } from "../model/cluster-policy.ts";
import { type Pod, isPolicyPod } from "../model/pod.ts";
import { type ConnectionSet, isEmpty } from "../net/connection-set.ts";
import type { Endpoint } from "./connection.ts";
import { portsOfRule } from "./ports-of-rule.ts";
import { isolatingPolicies } from "./reference-evaluator.ts";
import { tierRules } from "./tier-rules.ts";

/** What a pod may reach by name, whatever addresses the names stand for. */
export interface NamedDestinations {
  readonly policy: ClusterPolicy;
  readonly rule: TierRule;
  /** Names, or `*.` and a suffix. */
  readonly domainNames: readonly string[];
  readonly connections: ConnectionSet;
}

/**
 * What rules accept by name. No address can be told to be one of these, so this is beside what verdicts and maps of
 * addresses say; an earlier rule may deny the address that a name stands for. Port names stand for nothing there.
 */
export function namedDestinations(cluster: Cluster, pod: Pod): readonly NamedDestinations[] {
  if (!isPolicyPod(pod)) return [];
  const tiers =
    isolatingPolicies(cluster, pod, "egress").length > 0 ? ["Admin" as const] : ["Admin" as const, "Baseline" as const];
  return tiers
    .flatMap((tier) => tierRules(cluster, pod, tier, "egress"))
    .filter(({ rule }) => rule.action === "Accept")
    .flatMap(({ policy, rule }) => {
      const domainNames = rule.peers.flatMap((peer) => (peer.kind === "domain-names" ? peer.domainNames : []));
      const connections = portsOfRule(rule.ports, somewhere);
      return domainNames.length === 0 || isEmpty(connections) ? [] : [{ policy, rule, domainNames, connections }];
    });
}

const somewhere: Endpoint = { kind: "address", address: { family: 4, words: [0, 0, 0, 0] } };
