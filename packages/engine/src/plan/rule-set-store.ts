import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { Sample } from "../evaluate/fast/sample.ts";
import type { Family } from "../net/address.ts";
import { type ConnectionSet, subtract } from "../net/connection-set.ts";
import { protocols } from "../net/protocol.ts";
import type { Budgets } from "./budgets.ts";
import type { Judge } from "./judges.ts";
import { LayeredMap } from "./layered-map.ts";
import { LayeredSet } from "./layered-set.ts";
import type { RuleSet } from "./node-plan.ts";

const noIdentities = LayeredSet.of([]);

const families: readonly Family[] = [4, 6];

/** The rule sets that a node can keep, and why it cannot keep the others, by key. */
export interface BuiltRuleSets {
  readonly ruleSets: ReadonlyMap<string, RuleSet>;
  readonly refused: ReadonlyMap<string, string>;
}

/** A rule set, and how many elements the kernel has to keep for it. */
interface Sized {
  readonly ruleSet: RuleSet & { readonly byIdentity: LayeredMap<ConnectionSet> };
  readonly elements: number;
}

/** Everybody there is. */
export interface Everybody {
  readonly identities: LayeredSet;
  /** Somebody of one of them. */
  readonly sampleOf: (identity: string) => Sample;
  /** The identity of pods of a class by their addresses of a family; of nobody where all of those are others'. */
  readonly identityOf: (podClass: PodClass, family: Family) => string | undefined;
}

/**
 * The rule sets of a node. What one allows an identity follows from the two keys, so it is asked once. Rule sets that stay as
 * they are stay the same objects.
 */
export class RuleSetStore {
  readonly #budgets: Budgets;
  #sized: ReadonlyMap<string, Sized> = new Map();
  #identities = noIdentities;
  #built: BuiltRuleSets = { ruleSets: new Map(), refused: new Map() };

  constructor(budgets: Budgets) {
    this.#budgets = budgets;
  }

  /** What judges allow everybody. Where that is too much in sum, the largest are refused. */
  follow(judges: ReadonlyMap<string, Judge>, everybody: Everybody): BuiltRuleSets {
    const { identities } = everybody;
    if (this.#identities === identities && this.#hasAll(judges)) return this.#built;
    const { gone, came } = this.#identities.differencesTo(identities);
    const change = { gone, news: came.map((identity) => ({ identity, sample: everybody.sampleOf(identity) })) };
    const sized = new Map<string, Sized>();
    let total = 0;
    for (const judge of judges.values()) {
      const old = this.#sized.get(judge.key);
      const now = old === undefined ? build(judge, everybody, this.#budgets) : amend(old, judge, change);
      total += now?.elements ?? 0;
      if (now === undefined || !this.#fits(now.elements, total, sized.size + 1))
        return this.#buildAnew(judges, everybody);
      sized.set(judge.key, now);
    }
    this.#sized = sized;
    this.#identities = identities;
    this.#built = { ruleSets: ruleSetsOf(sized), refused: new Map() };
    return this.#built;
  }

  /** Whether all judges, and no others, are those whose rule sets are known. */
  #hasAll(judges: ReadonlyMap<string, Judge>): boolean {
    if (judges.size !== this.#sized.size) return false;
    for (const key of judges.keys()) if (!this.#sized.has(key)) return false;
    return true;
  }

  #fits(elements: number, total: number, count: number): boolean {
    const { elementsPerRuleSet, elementsPerNode, ruleSetsPerNode } = this.#budgets;
    return elements <= elementsPerRuleSet && total <= elementsPerNode && count <= ruleSetsPerNode;
  }

  /** Where it is too much: one after the other, and the largest are refused as soon as there is no room. */
  #buildAnew(judges: ReadonlyMap<string, Judge>, everybody: Everybody): BuiltRuleSets {
    const { elementsPerRuleSet, elementsPerNode, ruleSetsPerNode } = this.#budgets;
    const sized = new Map<string, Sized>();
    const refused = new Map<string, string>();
    let total = 0;
    const refuse = (key: string, because: string): void => {
      total -= sized.get(key)?.elements ?? 0;
      sized.delete(key);
      refused.set(key, because);
    };
    for (const [key, judge] of judges) {
      const built = build(judge, everybody, this.#budgets);
      if (built === undefined) {
        refuse(key, `a rule set of its needs more than ${elementsPerRuleSet} elements`);
        continue;
      }
      sized.set(key, built);
      total += built.elements;
      while (total > elementsPerNode) {
        refuse(largest(sized), `the rule sets of this node need more than ${elementsPerNode} elements`);
      }
      if (sized.size > ruleSetsPerNode) {
        refuse(largest(sized), `this node needs more than ${ruleSetsPerNode} rule sets`);
      }
    }
    // What was refused may fit next time, so nothing is known then.
    this.#sized = new Map();
    this.#identities = noIdentities;
    return { ruleSets: ruleSetsOf(sized), refused };
  }
}

function ruleSetsOf(sized: ReadonlyMap<string, Sized>): ReadonlyMap<string, RuleSet> {
  const ruleSets = new Map<string, RuleSet>();
  sized.forEach(({ ruleSet }, key) => ruleSets.set(key, ruleSet));
  return ruleSets;
}

function largest(sized: ReadonlyMap<string, Sized>): string {
  return [...sized].reduce((a, b) => (b[1].elements > a[1].elements ? b : a))[0];
}

/** Somebody who was not there before. */
interface Newcomer {
  readonly identity: string;
  readonly sample: Sample;
}

/** Undefined where it takes too many elements. */
function build(judge: Judge, everybody: Everybody, { elementsPerRuleSet }: Budgets): Sized | undefined {
  const { key, traffic, common, allowed } = judge;
  const byIdentity = new Map<string, ConnectionSet>();
  let elements = 0;
  for (const identity of peersOf(judge, everybody)) {
    const set = allowed(everybody.sampleOf(identity));
    if (set === undefined) continue;
    byIdentity.set(identity, set);
    elements += elementsOf(set, common);
    if (elements > elementsPerRuleSet) return undefined;
  }
  return { ruleSet: { key, traffic, common, byIdentity: LayeredMap.of(byIdentity) }, elements };
}

/** Identities to which a judge may allow something else than to all. */
function peersOf({ peers }: Judge, { identities, identityOf }: Everybody): Iterable<string> {
  const questions = peers();
  if (questions === undefined) return identities;
  let count = 0;
  for (const { members } of questions) count += members.size;
  if (count * families.length > identities.size) return identities;
  const some = new Set<string>();
  for (const { members } of questions) {
    for (const podClass of members) {
      for (const family of families) {
        const identity = identityOf(podClass, family);
        if (identity !== undefined && !some.has(identity) && identities.has(identity)) some.add(identity);
      }
    }
  }
  return some;
}

/** A rule set for other identities than before. */
function amend(
  old: Sized,
  { allowed }: Judge,
  { news, gone }: { readonly news: readonly Newcomer[]; readonly gone: readonly string[] },
): Sized {
  const { byIdentity, common } = old.ruleSet;
  let { elements } = old;
  let changed: [identity: string, set: ConnectionSet | undefined][] | undefined;
  for (const identity of gone) {
    const set = byIdentity.get(identity);
    if (set === undefined) continue;
    (changed ??= []).push([identity, undefined]);
    elements -= elementsOf(set, common);
  }
  for (const { identity, sample } of news) {
    const set = allowed(sample);
    if (set === undefined) continue;
    (changed ??= []).push([identity, set]);
    elements += elementsOf(set, common);
  }
  return changed === undefined ? old : { ruleSet: { ...old.ruleSet, byIdentity: byIdentity.with(changed) }, elements };
}

const counted = new WeakMap<ConnectionSet, WeakMap<ConnectionSet, number>>();

/** How many entries an identity takes that is allowed this: at least one, as it is kept at all. */
function elementsOf(allowed: ConnectionSet, common: ConnectionSet): number {
  let known = counted.get(common);
  if (known === undefined) counted.set(common, (known = new WeakMap()));
  let count = known.get(allowed);
  if (count === undefined) known.set(allowed, (count = countElements(allowed, common)));
  return count;
}

function countElements(allowed: ConnectionSet, common: ConnectionSet): number {
  const extra = subtract(allowed, common);
  return Math.max(
    1,
    protocols.reduce((sum, protocol) => sum + extra[protocol].length, extra.other ? 1 : 0),
  );
}
