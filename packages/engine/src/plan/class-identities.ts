import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { PodQuestion } from "../evaluate/fast/question-index.ts";
import type { Family } from "../net/address.ts";
import { type ClassAnswer, classAnswersTo } from "./class-answers.ts";
import type { Differences } from "./differences.ts";
import { haveSameKeys } from "./have-same-keys.ts";
import type { Asked } from "./identity.ts";
import type { Answer, IdentityGroups } from "./identity-groups.ts";
import { sameForSame } from "./same-for-same.ts";

const families: readonly Family[] = [4, 6];

/** What may make the identities of classes others. */
export interface Asking {
  /** The classes that came and went. */
  readonly classes: Differences<PodClass>;
  readonly before: Asked;
  readonly asked: Asked;
  /** Namespaces that selectors may select otherwise than before. */
  readonly namespaces: ReadonlySet<string>;
  /** Whether addresses are in other blocks than before. */
  readonly hasCut: boolean;
}

/** The identity of each class of pods, by the family of the address that it is met by. */
export class ClassIdentities {
  readonly #known = new Map<PodClass, ClassAnswer>();
  readonly #evaluator: FastEvaluator;
  readonly #groups: IdentityGroups;
  /** What is true of addresses and ports follows from what is asked alone. */
  readonly #answersTo = sameForSame(classAnswersTo);

  constructor(evaluator: FastEvaluator, groups: IdentityGroups) {
    this.#evaluator = evaluator;
    this.#groups = groups;
  }

  /** Its identity; and that of its addresses if they were no pod's, where nobody could tell the two apart. */
  of(podClass: PodClass, family: Family): { readonly identity: string; readonly atom?: string } | undefined {
    const known = this.#known.get(podClass);
    const identity = this.#groups.identityOf({ podClass, family });
    if (known === undefined || identity === undefined) return undefined;
    return known.isAtoms[family] ? { identity, atom: known.answers[family] } : { identity };
  }

  /** Takes in how classes are now; gives those of another identity than before, new ones among them. */
  follow(asking: Asking): ReadonlySet<PodClass> {
    const { before, asked, classes } = asking;
    const [changed, moved] = [[] as Answer[], new Set<PodClass>()];
    const selectedBy = this.#selectAnew(asking);
    // Where the same is asked about addresses and ports, all others answer as before.
    const looked = isAskedAlike(asking) ? selectedBy.keys() : this.#evaluator.classes;
    this.#answerAnew(looked, { asked, selectedBy, changed, moved });
    for (const podClass of classes.gone) {
      this.#known.delete(podClass);
      for (const family of families) changed.push({ podClass, family, answers: undefined });
    }
    for (const { podClass } of this.#groups.follow(changed, before, asked)) moved.add(podClass);
    return moved;
  }

  /** Forgets how identities came to be: those that answer alike are one. Gives the classes of another identity than before. */
  merge(): ReadonlySet<PodClass> {
    return new Set(this.#groups.merge().map(({ podClass }) => podClass));
  }

  /** What classes answer, where it is another answer than before. Those whose addresses answer it no longer, or now, are `moved`. */
  #answerAnew(classes: Iterable<PodClass>, { asked, selectedBy, changed, moved }: Answers): void {
    const answer = this.#answersTo(asked);
    for (const podClass of classes) {
      const old = this.#known.get(podClass);
      const known = answer(podClass, selectedBy.get(podClass), old);
      if (known === old) continue;
      this.#known.set(podClass, known);
      for (const family of families) {
        if (known.isAtoms[family] !== old?.isAtoms[family]) moved.add(podClass);
        const said = known.answers[family];
        if (said !== old?.answers[family]) changed.push({ podClass, family, answers: said });
      }
    }
  }

  /** By which questions classes are selected, for those for whom that may be others than before. */
  #selectAnew({ before, asked, classes, namespaces }: Asking): ReadonlyMap<PodClass, readonly string[]> {
    const selectedBy = new Map<PodClass, readonly string[]>();
    const selectAnew = (podClass: PodClass): void => {
      const questions = this.#evaluator.questionsOf(podClass);
      selectedBy.set(
        podClass,
        questions.flatMap((question) => asked.pods.get(question) ?? []),
      );
    };
    for (const podClass of classes.came) selectAnew(podClass);
    for (const namespace of namespaces) this.#evaluator.classesIn(namespace).forEach(selectAnew);
    if (before.pods === asked.pods) return selectedBy;
    const [went, came] = [only(before.pods, asked.pods), only(asked.pods, before.pods)];
    const goneNames = new Set(went.map(([, name]) => name));
    const others = new Map<PodClass, string[]>();
    const amended = (podClass: PodClass): string[] | undefined => {
      if (selectedBy.has(podClass)) return undefined;
      let selected = others.get(podClass);
      const old = this.#known.get(podClass)?.selectedBy;
      if (selected === undefined && old !== undefined) {
        others.set(podClass, (selected = old.filter((name) => !goneNames.has(name))));
      }
      return selected;
    };
    for (const [{ members }] of went) for (const podClass of members) amended(podClass);
    for (const [{ members }, name] of came) for (const podClass of members) amended(podClass)?.push(name);
    return others.size === 0 ? selectedBy : new Map([...selectedBy, ...others]);
  }
}

/** What is asked and by which questions classes are selected, and what is made of that. */
interface Answers {
  readonly asked: Asked;
  readonly selectedBy: ReadonlyMap<PodClass, readonly string[]>;
  readonly changed: Answer[];
  readonly moved: Set<PodClass>;
}

/** Whether the same is asked about addresses and ports, and no address is in other blocks. */
function isAskedAlike({ before, asked, hasCut }: Asking): boolean {
  if (before === asked) return !hasCut;
  return !hasCut && haveSameKeys(before.addresses, asked.addresses) && haveSameKeys(before.named, asked.named);
}

function only(some: Asked["pods"], others: Asked["pods"]): (readonly [PodQuestion, string])[] {
  return [...some].filter(([question]) => !others.has(question));
}
