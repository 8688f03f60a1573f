import type { Sample } from "../evaluate/fast/sample.ts";
import { type ConnectionSet, subtract } from "../net/connection-set.ts";
import { protocols } from "../net/protocol.ts";
import type { Budgets } from "./budgets.ts";
import type { Judge } from "./judges.ts";
import type { RuleSet } from "./node-plan.ts";

/** The rule sets that a node can keep, and why it cannot keep the others, by key. */
export interface BuiltRuleSets {
  readonly ruleSets: ReadonlyMap<string, RuleSet>;
  readonly refused: ReadonlyMap<string, string>;
}

/** A rule set, and how many elements the kernel has to keep for it. */
interface Sized {
  readonly ruleSet: RuleSet;
  readonly elements: number;
}

/** Everybody there is. */
export interface Everybody {
  readonly identities: ReadonlySet<string>;
  /** Somebody of one of them. */
  readonly sampleOf: (identity: string) => Sample;
}

/**
 * The rule sets of a node. What one allows an identity follows from the two keys, so it is asked once. Rule sets that stay as
 * they are stay the same objects.
 */
export class RuleSetStore {
  readonly #budgets: Budgets;
  #sized: ReadonlyMap<string, Sized> = new Map();
  #identities: ReadonlySet<string> = new Set();
  #built: BuiltRuleSets = { ruleSets: new Map(), refused: new Map() };

  constructor(budgets: Budgets) {
    this.#budgets = budgets;
  }

  /** What judges allow everybody. Where that is too much in sum, the largest are refused. */
  follow(judges: ReadonlyMap<string, Judge>, everybody: Everybody): BuiltRuleSets {
    const { identities } = everybody;
    const known = this.#identities;
    const came = known === identities ? [] : [...identities].filter((identity) => !known.has(identity));
    const gone = known === identities ? [] : [...known].filter((identity) => !identities.has(identity));
    const isKnown = [...judges.keys()].every((key) => this.#sized.has(key));
    if (isKnown && known === identities && judges.size === this.#sized.size) return this.#built;
    const news = came.map((identity) => [identity, everybody.sampleOf(identity)] as const);
    const sized = new Map<string, Sized>();
    let total = 0;
    for (const [key, judge] of judges) {
      const old = this.#sized.get(key);
      const now = old === undefined ? build(judge, everybody, this.#budgets) : amend(old, judge, { news, gone });
      total += now?.elements ?? 0;
      if (now === undefined || !this.#fits(now.elements, total, sized.size + 1))
        return this.#buildAnew(judges, everybody);
      sized.set(key, now);
    }
    this.#sized = sized;
    this.#identities = identities;
    this.#built = { ruleSets: ruleSetsOf(sized), refused: new Map() };
    return this.#built;
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
    this.#identities = new Set();
    return { ruleSets: ruleSetsOf(sized), refused };
  }
}

function ruleSetsOf(sized: ReadonlyMap<string, Sized>): ReadonlyMap<string, RuleSet> {
  return new Map([...sized].map(([key, { ruleSet }]) => [key, ruleSet]));
}

function largest(sized: ReadonlyMap<string, Sized>): string {
  return [...sized].reduce((a, b) => (b[1].elements > a[1].elements ? b : a))[0];
}

/** Undefined where it takes too many elements. */
function build(
  { key, traffic, common, allowed }: Judge,
  { identities, sampleOf }: Everybody,
  { elementsPerRuleSet }: Budgets,
): Sized | undefined {
  const byIdentity = new Map<string, ConnectionSet>();
  let elements = 0;
  for (const identity of identities) {
    const set = allowed(sampleOf(identity));
    if (set === undefined) continue;
    byIdentity.set(identity, set);
    elements += elementsOf(set, common);
    if (elements > elementsPerRuleSet) return undefined;
  }
  return { ruleSet: { key, traffic, common, byIdentity }, elements };
}

/** A rule set for other identities than before. */
function amend(
  old: Sized,
  { allowed }: Judge,
  { news, gone }: { readonly news: readonly (readonly [identity: string, Sample])[]; readonly gone: readonly string[] },
): Sized {
  const { common } = old.ruleSet;
  let { elements } = old;
  let byIdentity: Map<string, ConnectionSet> | undefined;
  for (const identity of gone) {
    const set = old.ruleSet.byIdentity.get(identity);
    if (set === undefined) continue;
    byIdentity ??= new Map(old.ruleSet.byIdentity);
    byIdentity.delete(identity);
    elements -= elementsOf(set, common);
  }
  for (const [identity, sample] of news) {
    const set = allowed(sample);
    if (set === undefined) continue;
    byIdentity ??= new Map(old.ruleSet.byIdentity);
    byIdentity.set(identity, set);
    elements += elementsOf(set, common);
  }
  return byIdentity === undefined ? old : { ruleSet: { ...old.ruleSet, byIdentity }, elements };
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
