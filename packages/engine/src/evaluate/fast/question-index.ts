import type { Namespace } from "../../model/cluster.ts";
import { type LabelSelector, type SelectorRequirement, formatSelector, selects } from "../../model/selector.ts";
import type { PodPredicate } from "../../rules/predicate.ts";
import type { PodClass } from "./pod-class.ts";
import type { PodClasses } from "./pod-classes.ts";
import type { Traits } from "./traits.ts";

/** A question about pods, and the classes whose answer is yes. */
export interface PodQuestion {
  /** Not used twice, also not by questions about addresses. */
  readonly number: number;
  readonly predicate: PodPredicate;
  /** Whether so many classes answer with yes that this is a trait of theirs. */
  readonly isBroad: boolean;
  readonly members: ReadonlySet<PodClass>;
}

interface OwnQuestion extends PodQuestion {
  readonly members: Set<PodClass>;
  isBroad: boolean;
  uses: number;
}

/** So few namespaces are looked through sooner than a label is looked up. */
const fewNamespaces = 8;

/** The questions about one namespace, or about those that a selector selects. */
interface Scope {
  readonly selector?: LabelSelector;
  readonly namespaces: Set<string>;
  readonly questions: Set<OwnQuestion>;
}

export interface QuestionContext {
  readonly classes: PodClasses;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly traits: Traits;
  readonly nextNumber: () => number;
  /** A question is broad from so many members on. */
  readonly broadFrom: number;
}

/** An answer that is another than before. */
export interface ChangedAnswer {
  readonly question: PodQuestion;
  readonly podClass: PodClass;
}

/** Which classes of pods each selector in use selects. */
export class QuestionIndex {
  readonly #classes: PodClasses;
  readonly #namespaces: ReadonlyMap<string, Namespace>;
  readonly #traits: Traits;
  readonly #nextNumber: () => number;
  readonly #broadFrom: number;
  readonly #questions = new Map<string, OwnQuestion>();
  readonly #scopes = new Map<string, Scope>();
  /** Namespaces by label; made when it is asked for, and again after one changed. */
  readonly #byLabel = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor({ classes, namespaces, traits, nextNumber, broadFrom }: QuestionContext) {
    this.#classes = classes;
    this.#namespaces = namespaces;
    this.#traits = traits;
    this.#nextNumber = nextNumber;
    this.#broadFrom = broadFrom;
  }

  /** Takes a question into use. The classes must be told apart by all that it asks about. */
  use(predicate: PodPredicate): PodQuestion {
    const known = this.#questions.get(predicate.key);
    if (known !== undefined) {
      known.uses++;
      return known;
    }
    const scope = this.#scopeOf(predicate);
    const question: OwnQuestion = {
      number: this.#nextNumber(),
      predicate,
      members: new Set(),
      isBroad: false,
      uses: 1,
    };
    this.#enroll(question.members, predicate.pods, scope);
    if (question.members.size >= this.#broadFrom) this.#broaden(question);
    scope.questions.add(question);
    this.#questions.set(predicate.key, question);
    return question;
  }

  /** Ends one use of a question. */
  release({ predicate }: PodQuestion): void {
    const question = this.#questions.get(predicate.key);
    if (question === undefined || --question.uses > 0) return;
    this.#questions.delete(predicate.key);
    if (question.isBroad) {
      for (const podClass of question.members) this.#traits.answer(podClass, question.number, false);
    }
    const scope = this.#scopeOf(predicate);
    scope.questions.delete(question);
    if (scope.questions.size === 0) this.#scopes.delete(scopeKey(predicate));
  }

  /** Takes a new class in; gives the questions it answers with yes. */
  enter(podClass: PodClass): readonly PodQuestion[] {
    const entered = this.#asking(podClass).filter(({ predicate }) => selects(predicate.pods, podClass.labels));
    for (const question of entered) this.#answer(question, podClass, true);
    return entered;
  }

  /** Makes questions broad that have become so; gives them. They do later than new ones, so as not to go to and fro. */
  broadenGrown(questions: readonly PodQuestion[]): readonly PodQuestion[] {
    const grown = questions.flatMap(({ predicate }) => this.#questions.get(predicate.key) ?? []);
    const broadened = grown.filter(({ isBroad, members }) => !isBroad && members.size >= this.#broadFrom * 4);
    for (const question of broadened) this.#broaden(question);
    return broadened;
  }

  /** Takes in a class that answers as another, because both were one; gives the questions they answer with yes. */
  copy(from: PodClass, to: PodClass): readonly PodQuestion[] {
    const copied = this.#of(from);
    for (const question of copied) question.members.add(to);
    this.#traits.copy(from, to);
    return copied;
  }

  /** The questions that a class answers with yes. */
  of(podClass: PodClass): readonly PodQuestion[] {
    return this.#of(podClass);
  }

  /** Takes a class out; gives the questions it answered with yes. */
  leave(podClass: PodClass): readonly PodQuestion[] {
    const left = this.#of(podClass);
    for (const question of left) question.members.delete(podClass);
    return left;
  }

  /** Asks again about a namespace whose labels are others. */
  namespaceChanged(name: string): readonly ChangedAnswer[] {
    const changed: ChangedAnswer[] = [];
    this.#byLabel.clear();
    for (const { selector, namespaces, questions } of this.#scopes.values()) {
      if (selector === undefined) continue;
      const isIn = this.#isSelected(selector, name);
      if (isIn === namespaces.has(name)) continue;
      if (isIn) namespaces.add(name);
      else namespaces.delete(name);
      for (const question of questions) {
        for (const podClass of this.#classes.in(name)) {
          if (!selects(question.predicate.pods, podClass.labels)) continue;
          this.#answer(question, podClass, isIn);
          changed.push({ question, podClass });
        }
      }
    }
    return changed;
  }

  /** Finds the members of a question: by a wanted label, where classes with it look to be fewer than those of a scope. */
  #enroll(members: Set<PodClass>, pods: LabelSelector, { namespaces }: Scope): void {
    const wanted = namespaces.size <= fewNamespaces ? undefined : wantedLabel(pods);
    if (wanted === undefined) {
      for (const namespace of namespaces) {
        for (const podClass of this.#classes.in(namespace)) if (selects(pods, podClass.labels)) members.add(podClass);
      }
      return;
    }
    for (const value of wanted.values) {
      for (const podClass of this.#classes.withLabel(wanted.key, value)) {
        if (namespaces.has(podClass.namespace) && selects(pods, podClass.labels)) members.add(podClass);
      }
    }
  }

  #answer(question: OwnQuestion, podClass: PodClass, holds: boolean): void {
    if (holds) question.members.add(podClass);
    else question.members.delete(podClass);
    if (question.isBroad) this.#traits.answer(podClass, question.number, holds);
  }

  /** Makes a question a trait of its members. */
  #broaden(question: OwnQuestion): void {
    question.isBroad = true;
    this.#traits.broaden(question);
  }

  #of(podClass: PodClass): OwnQuestion[] {
    return this.#asking(podClass).filter(({ members }) => members.has(podClass));
  }

  #asking({ namespace }: PodClass): OwnQuestion[] {
    const asking: OwnQuestion[] = [];
    for (const { namespaces, questions } of this.#scopes.values()) {
      if (namespaces.has(namespace)) for (const question of questions) asking.push(question);
    }
    return asking;
  }

  #scopeOf(predicate: PodPredicate): Scope {
    const key = scopeKey(predicate);
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const { namespace } = predicate;
    const scope: Scope =
      typeof namespace === "string"
        ? { namespaces: new Set([namespace]), questions: new Set() }
        : {
            selector: namespace,
            namespaces: this.#selected(namespace),
            questions: new Set(),
          };
    this.#scopes.set(key, scope);
    return scope;
  }

  #selected(selector: LabelSelector): Set<string> {
    const wanted = wantedLabel(selector);
    const names = wanted?.values.flatMap((value) => this.#withLabel(wanted.key).get(value) ?? []);
    const selected = new Set<string>();
    for (const name of names ?? this.#namespaces.keys()) if (this.#isSelected(selector, name)) selected.add(name);
    return selected;
  }

  /** The namespaces with a label, by value. */
  #withLabel(key: string): ReadonlyMap<string, readonly string[]> {
    const known = this.#byLabel.get(key);
    if (known !== undefined) return known;
    const byValue = new Map<string, string[]>();
    for (const { name, labels } of this.#namespaces.values()) {
      const value = labels.get(key);
      if (value === undefined) continue;
      const others = byValue.get(value);
      if (others === undefined) byValue.set(value, [name]);
      else others.push(name);
    }
    this.#byLabel.set(key, byValue);
    return byValue;
  }

  #isSelected(selector: LabelSelector, name: string): boolean {
    const namespace = this.#namespaces.get(name);
    return namespace !== undefined && selects(selector, namespace.labels);
  }
}

/** A label that everything selected has, with one of some values. */
function wantedLabel({ requirements }: LabelSelector): SelectorRequirement | undefined {
  for (const requirement of requirements) if (requirement.operator === "In") return requirement;
  return undefined;
}

function scopeKey({ namespace }: PodPredicate): string {
  return typeof namespace === "string" ? `= ${namespace}` : `~ ${formatSelector(namespace)}`;
}
