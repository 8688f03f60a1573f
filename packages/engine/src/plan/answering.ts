import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { RuleTable } from "../evaluate/fast/rule-table.ts";
import { AddressIdentities, type IdentityChange } from "./address-identities.ts";
import { type Asked, type AskingRule, askedBy } from "./identity.ts";
import { IdentityGroups } from "./identity-groups.ts";
import { haveSameKeys } from "./have-same-keys.ts";
import type { Judge } from "./judges.ts";
import { KeptQuestions } from "./kept-questions.ts";
import type { AnyPolicy } from "./policy-cost.ts";
import type { QuestionNames } from "./question-names.ts";

/** Kept questions may make so many times the identities that there would be without them, and so many more. */
const mostTimes = 2;
const mostMore = 64;

const nothing: Asked = { pods: new Map(), addresses: new Map(), named: new Map() };

interface AnsweringOptions {
  readonly series: string;
  readonly names: QuestionNames;
  readonly foresees: boolean;
}

/** What changed, and who asks. */
export interface AnsweringChange extends Omit<IdentityChange, "asked"> {
  readonly judges: ReadonlyMap<string, Judge>;
  /** Policies that judge somebody, or may before long. The same set for the same. */
  readonly foreseen: ReadonlySet<AnyPolicy>;
}

/** Sorts every address by its answers to what a node's rules ask, and may ask before long. */
export class Answering {
  readonly identities: AddressIdentities;
  readonly #evaluator: FastEvaluator;
  readonly #names: QuestionNames;
  readonly #groups: IdentityGroups;
  readonly #questions: KeptQuestions;
  #judges: AnsweringChange["judges"] = new Map();
  /** Those that judge, where nothing is foreseen. */
  #tables: ReadonlySet<RuleTable> = new Set();
  #foreseen: ReadonlySet<AnyPolicy> = new Set();
  /** Those of each foreseen policy. */
  #foreseenRules: ReadonlyMap<AnyPolicy, readonly AskingRule[]> = new Map();
  #foresees: boolean;
  /** What rules ask now. */
  #asked: Asked = nothing;
  /** That, and what is kept. */
  #answered: Asked = this.#asked;
  /** How many identities there were when nothing was kept. */
  #countWithout: number | undefined;

  /** Names of identities in another `series` mean something else. */
  constructor(evaluator: FastEvaluator, { series, names, foresees }: AnsweringOptions) {
    this.#evaluator = evaluator;
    this.#names = names;
    this.#groups = new IdentityGroups(series);
    this.identities = new AddressIdentities(evaluator, this.#groups);
    this.#questions = new KeptQuestions(evaluator);
    this.#foresees = foresees;
  }

  /** Takes in what changed. Says whether something is answered that no rule asks. */
  follow({ judges, foreseen, ...change }: AnsweringChange): boolean {
    this.#groups.nextPlan();
    const isForeseenAlike = this.#foreseen === foreseen;
    this.#judges = judges;
    if (!isForeseenAlike) this.#foresee(foreseen);
    this.#foreseen = foreseen;
    // Whoever judges was foreseen.
    const asksAlike = this.#foresees ? isForeseenAlike : !this.#useTables();
    if (!asksAlike) this.#ask(askedBy(this.#askingRules(), this.#names));
    const { identities } = this;
    identities.follow({ ...change, asked: this.#answered });
    this.#countWithout ??= identities.identities.size;
    if (identities.identities.size > this.#countWithout * mostTimes + mostMore) this.#forgetKept();
    return sizeOf(this.#answered) > sizeOf(this.#asked) || (this.#foresees && foreseen.size > 0);
  }

  /** Answers from now on only what rules ask. */
  forget(): void {
    this.#foresees = false;
    this.#useTables();
    this.#asked = askedBy(this.#askingRules(), this.#names);
    this.#forgetKept();
  }

  /** Goes by the tables that judge now. Says whether they are others than before. */
  #useTables(): boolean {
    const tables = new Set<RuleTable>();
    for (const { table } of this.#judges.values()) if (table !== undefined) tables.add(table);
    if (haveSameKeys(this.#tables, tables)) return false;
    this.#tables = tables;
    return true;
  }

  #foresee(policies: Iterable<AnyPolicy>): void {
    const known = this.#foreseenRules;
    // One that was not foreseen just now may have been out of use, and what it asked then is not answered any more.
    this.#foreseenRules = new Map([...policies].map((policy) => [policy, known.get(policy) ?? this.#rulesOf(policy)]));
  }

  #rulesOf(policy: AnyPolicy): readonly AskingRule[] {
    const { egress, ingress } = this.#evaluator.rulesOf(policy);
    // Who sends asks what a name stands for where it sends to.
    return [
      ...egress.map((rule) => ({ rule, named: rule.spec.named })),
      ...ingress.map((rule) => ({ rule, named: [] })),
    ];
  }

  #ask(asked: Asked): void {
    if (!isSameAsked(asked, this.#asked)) this.#asked = asked;
    const answered = this.#questions.with(this.#asked);
    if (!isSameAsked(answered, this.#answered)) this.#answered = answered;
  }

  /** Forgets what nobody asks any more. */
  #forgetKept(): void {
    this.#answered = this.#questions.only(this.#asked);
    this.identities.follow({ ...noChange, asked: this.#answered });
    this.identities.merge();
    this.#countWithout = this.identities.identities.size;
  }

  #askingRules(): readonly AskingRule[] {
    return this.#foresees ? [...this.#foreseenRules.values()].flat() : [...this.#tables].flatMap(({ rules }) => rules);
  }
}

const noChange: Omit<IdentityChange, "asked"> = {
  pods: { gone: [], came: [] },
  classes: { gone: [], came: [] },
  namespaces: new Set(),
};

function sizeOf({ pods, addresses, named }: Asked): number {
  return pods.size + addresses.size + named.size;
}

function isSameAsked(one: Asked, other: Asked): boolean {
  const isAsked = ([number, key]: readonly [number, string]): boolean => other.addresses.get(number) === key;
  return (
    sizeOf(one) === sizeOf(other) &&
    [...one.pods.keys()].every((question) => other.pods.has(question)) &&
    [...one.addresses].every(isAsked) &&
    [...one.named.keys()].every((name) => other.named.has(name))
  );
}
