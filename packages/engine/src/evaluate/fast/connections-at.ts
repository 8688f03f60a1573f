import { withNamedPorts } from "../../rules/named-port.ts";
import type { AppliedRule } from "./bound-rule.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { PodClass } from "./pod-class.ts";

/** The number of what a rule is about at a peer that gives its port names these numbers. */
export function connectionsAt(
  { rule, connections, named }: AppliedRule,
  { ports, askedPorts }: Pick<PodClass, "ports" | "askedPorts">,
  pool: ConnectionPool,
): number {
  if (named.length === 0) return connections;
  const known = rule.byAskedPorts.get(askedPorts);
  if (known !== undefined) return known;
  const about = pool.add(withNamedPorts(rule.spec.ports, named, ports));
  rule.byAskedPorts.set(askedPorts, about);
  return about;
}
