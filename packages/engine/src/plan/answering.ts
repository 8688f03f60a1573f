import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { RuleTable } from "../evaluate/fast/rule-table.ts";
import { AddressIdentities, type IdentityChange } from "./address-identities.ts";
import { type Asked, askedBy } from "./identity.ts";
import { IdentityGroups } from "./identity-groups.ts";
import type { Judge } from "./judges.ts";
import { KeptQuestions } from "./kept-questions.ts";

/** Kept questions may make so many times the identities that there would be without them, and so many more. */
const mostTimes = 2;
const mostMore = 64;

/** Sorts every address by its answers to what a node's rules ask. */
export class Answering {
  readonly identities: AddressIdentities;
  readonly #groups: IdentityGroups;
  readonly #questions: KeptQuestions;
  #tables: ReadonlySet<RuleTable> = new Set();
  /** What rules ask now. */
  #asked: Asked = askedBy([]);
  /** That, and what is kept. */
  #answered: Asked = this.#asked;
  /** How many identities there were when nothing was kept. */
  #countWithout: number | undefined;

  /** Names of identities in another `series` mean something else. */
  constructor(evaluator: FastEvaluator, series: string) {
    this.#groups = new IdentityGroups(series);
    this.identities = new AddressIdentities(evaluator, this.#groups);
    this.#questions = new KeptQuestions(evaluator);
  }

  /** Takes in what changed, and whose rules ask. Says whether something is answered that nobody asks any more. */
  follow({ pods, namespaces }: Omit<IdentityChange, "asked">, judges: Iterable<Judge>): boolean {
    this.#groups.nextPlan();
    const tables = new Set([...judges].flatMap(({ table }) => table ?? []));
    if (!isSame(this.#tables, tables)) {
      this.#tables = tables;
      this.#asked = askedBy([...tables].flatMap(({ rules }) => rules));
      this.#answered = this.#questions.with(this.#asked);
    }
    const { identities } = this;
    identities.follow({ asked: this.#answered, pods, namespaces });
    this.#countWithout ??= identities.identities.size;
    if (identities.identities.size > this.#countWithout * mostTimes + mostMore) this.forget();
    return sizeOf(this.#answered) > sizeOf(this.#asked);
  }

  /** Forgets what nobody asks any more. */
  forget(): void {
    this.#answered = this.#questions.only(this.#asked);
    this.identities.follow({ asked: this.#answered, pods: { gone: [], came: [] }, namespaces: new Set() });
    this.identities.merge();
    this.#countWithout = this.identities.identities.size;
  }
}

function sizeOf({ pods, addresses, named }: Asked): number {
  return pods.size + addresses.size + named.size;
}

function isSame<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
