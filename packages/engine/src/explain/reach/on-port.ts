import type { Cluster } from "../../model/cluster.ts";
import type { PolicyPort } from "../../model/network-policy.ts";
import type { Protocol } from "../../net/protocol.ts";

/** One port of one protocol. */
export interface AskedPort {
  readonly protocol: Protocol;
  readonly port: number;
}

/**
 * A cluster that says of one port what the given one says, and nothing of what rules say of others: so no fact is missing
 * that matters only to those. What a port's name stands for is another's matter, so rules with names stay.
 */
export function onPort(cluster: Cluster, asked: AskedPort): Cluster {
  const narrowed = <Rule extends { readonly ports: readonly PolicyPort[] }>(rules: readonly Rule[]): readonly Rule[] =>
    rules.flatMap((rule) => {
      const ports = portsAt(rule.ports, asked);
      return ports.length === 0 ? [] : [{ ...rule, ports }];
    });
  return {
    ...cluster,
    policies: cluster.policies.map((policy) => ({
      ...policy,
      ingress: narrowed(policy.ingress),
      egress: narrowed(policy.egress),
    })),
    clusterPolicies: cluster.clusterPolicies.map((policy) => ({
      ...policy,
      ingress: narrowed(policy.ingress),
      egress: narrowed(policy.egress),
    })),
  };
}

/** Without ports, a rule is for all. */
function portsAt(ports: readonly PolicyPort[], { protocol, port }: AskedPort): readonly PolicyPort[] {
  const isNamed = (item: PolicyPort): boolean => item.protocol === protocol && item.port.kind === "named";
  const named = ports.filter(isNamed);
  const holds = ports.some(
    (item) =>
      item.protocol === protocol &&
      (item.port.kind === "all" ||
        (item.port.kind === "interval" && item.port.first <= port && port <= item.port.last)),
  );
  if (ports.length > 0 && !holds) return named;
  const path = ports[0]?.path ?? "";
  return [{ path, protocol, port: { kind: "interval", first: port, last: port } }, ...named];
}
