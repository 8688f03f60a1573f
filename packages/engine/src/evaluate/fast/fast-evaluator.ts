import type { Cluster } from "../../model/cluster.ts";
import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import { isPolicyPod } from "../../model/pod.ts";
import { selects } from "../../model/selector.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import { questionsOf } from "../../plan/identity.ts";
import { type RuleSpec, ruleSpecs } from "../../plan/rule-spec.ts";
import type { Endpoint } from "../connection.ts";
import { alwaysAllowed, isOwnNode } from "../reference-evaluator.ts";
import { AddressClasses } from "./address-classes.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { PodGroups } from "./pod-groups.ts";
import { type Peer, RuleTable } from "./rule-table.ts";

const directions: readonly Direction[] = ["egress", "ingress"];

/**
 * Answers like the reference evaluator, for many pairs: pods that policies cannot tell apart are worked out once, and each
 * list of rules once. The cluster must not change.
 */
export class FastEvaluator {
  readonly #cluster: Cluster;
  readonly #pool = new ConnectionPool();
  readonly #groups: PodGroups;
  readonly #addresses: AddressClasses;
  readonly #peers = new WeakMap<Endpoint, Peer>();
  /** What judges each group's pods, by group id; absent where they are not isolated. */
  readonly #tables: Readonly<Record<Direction, ReadonlyMap<number, RuleTable>>>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#groups = new PodGroups(cluster);
    const rules = { egress: new Map<number, RuleSpec[]>(), ingress: new Map<number, RuleSpec[]>() };
    const policies = byNamespace(cluster.policies);
    for (const group of this.#groups.all) {
      const selecting = (policies.get(group.namespace) ?? []).filter(({ podSelector }) =>
        selects(podSelector, group.sample.labels),
      );
      for (const direction of directions) {
        const isolating = selecting.filter((policy) => policy.directions.includes(direction));
        if (isolating.length > 0) rules[direction].set(group.id, ruleSpecs(group.sample, direction, isolating));
      }
    }
    const lists = directions.flatMap((direction) => [...rules[direction].values()]);
    this.#addresses = new AddressClasses(questionsOf(lists.flat()));
    const tables = new Map<string, RuleTable>();
    const tableOf = (list: readonly RuleSpec[]): RuleTable => {
      const key = list.map((rule) => rule.key).join("\n");
      const table = tables.get(key) ?? new RuleTable(list, this.#groups, this.#pool);
      tables.set(key, table);
      return table;
    };
    const perGroup = (direction: Direction): Map<number, RuleTable> =>
      new Map([...rules[direction]].map(([id, list]) => [id, tableOf(list)]));
    this.#tables = { egress: perGroup("egress"), ingress: perGroup("ingress") };
  }

  /** Everything that may pass from one end to another: what both directions allow. */
  connections(source: Endpoint, destination: Endpoint): ConnectionSet {
    return this.#pool.get(
      this.#pool.intersect(this.#allowed("egress", source, destination), this.#allowed("ingress", destination, source)),
    );
  }

  #allowed(direction: Direction, subject: Endpoint, peer: Endpoint): number {
    if (
      subject.kind === "address" ||
      alwaysAllowed(this.#cluster, subject, peer, direction) !== undefined ||
      isOwnNode(this.#cluster, subject.pod, peer)
    ) {
      return ConnectionPool.all;
    }
    const table = this.#tables[direction].get(this.#groups.of(subject.pod).id);
    return table === undefined ? ConnectionPool.all : table.allowedFor(this.#peer(peer));
  }

  #peer(end: Endpoint): Peer {
    const known = this.#peers.get(end);
    if (known !== undefined) return known;
    const { address } = end;
    const peer: Peer = {
      ...(end.kind === "pod" && isPolicyPod(end.pod) ? { group: this.#groups.of(end.pod) } : {}),
      ...(address === undefined ? {} : { address: { address, class: this.#addresses.of(address) } }),
    };
    this.#peers.set(end, peer);
    return peer;
  }
}

function byNamespace(policies: readonly NetworkPolicy[]): ReadonlyMap<string, readonly NetworkPolicy[]> {
  const found = new Map<string, NetworkPolicy[]>();
  for (const policy of policies) {
    const list = found.get(policy.namespace);
    if (list === undefined) found.set(policy.namespace, [policy]);
    else list.push(policy);
  }
  return found;
}
