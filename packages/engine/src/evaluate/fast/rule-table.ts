import type { Address } from "../../net/address.ts";
import { portsOf, union } from "../../net/connection-set.ts";
import { allowedForAll } from "../../plan/flatten.ts";
import { type BlockPredicate, matchesBlock } from "../../plan/predicate.ts";
import { type RuleSpec, resolveNamedPort } from "../../plan/rule-spec.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { PodGroup, PodGroups } from "./pod-groups.ts";

/** Whoever is at the other end: a group of pods, with its address where that is known, or an address alone. */
export interface Peer {
  readonly group?: PodGroup;
  readonly address?: { readonly address: Address; readonly class: number };
}

/** What one list of rules allows every peer, worked out by group of pods and by block of addresses. */
export class RuleTable {
  readonly #pool: ConnectionPool;
  readonly #common: number;
  /** What selectors, and port names in rules for everyone, allow a group beyond `common`, by group id. */
  readonly #byGroup = new Map<number, number>();
  readonly #blockRules: readonly { readonly rule: RuleSpec; readonly blocks: readonly BlockPredicate[] }[];
  /** What blocks allow, by class of address and group. */
  readonly #byBlock = new Map<number, number>();

  constructor(rules: readonly RuleSpec[], groups: PodGroups, pool: ConnectionPool) {
    this.#pool = pool;
    this.#common = pool.add(allowedForAll(rules));
    this.#blockRules = rules.flatMap((rule) => {
      const blocks = (rule.peers ?? []).filter((peer) => peer.kind === "block");
      return blocks.length === 0 ? [] : [{ rule, blocks }];
    });
    for (const rule of rules) {
      for (const group of groupsOf(rule, groups)) {
        const before = this.#byGroup.get(group.id) ?? ConnectionPool.none;
        this.#byGroup.set(group.id, pool.union(before, this.#allowed(rule, group)));
      }
    }
  }

  /** The number of what is allowed to or from a peer. */
  allowedFor({ group, address }: Peer): number {
    const selected = group === undefined ? ConnectionPool.none : (this.#byGroup.get(group.id) ?? ConnectionPool.none);
    return this.#pool.union(this.#pool.union(this.#common, selected), this.#allowedByBlock(group, address));
  }

  #allowedByBlock(group: PodGroup | undefined, address: Peer["address"]): number {
    if (address === undefined || this.#blockRules.length === 0) return ConnectionPool.none;
    const key = address.class * 2 ** 26 + (group === undefined ? 0 : group.id + 1);
    const known = this.#byBlock.get(key);
    if (known !== undefined) return known;
    let allowed = ConnectionPool.none;
    for (const { rule, blocks } of this.#blockRules) {
      if (blocks.some((block) => matchesBlock(block, address.address))) {
        allowed = this.#pool.union(allowed, this.#allowed(rule, group));
      }
    }
    this.#byBlock.set(key, allowed);
    return allowed;
  }

  #allowed(rule: RuleSpec, group: PodGroup | undefined): number {
    if (group === undefined || rule.named.length === 0) return this.#pool.add(rule.ports);
    const { ports } = group.sample;
    return this.#pool.add(
      rule.named.reduce(
        (allowed, named) => union(allowed, portsOf(named.protocol, resolveNamedPort(named, ports))),
        rule.ports,
      ),
    );
  }
}

/** The groups a rule says something about that it does not say of everyone. */
function groupsOf(rule: RuleSpec, groups: PodGroups): Iterable<PodGroup> {
  if (rule.peers === undefined) return rule.named.length === 0 ? [] : groups.all;
  return new Set(rule.peers.flatMap((predicate) => (predicate.kind === "pods" ? groups.selectedBy(predicate) : [])));
}
