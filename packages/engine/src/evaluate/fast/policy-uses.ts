import type { ClusterPolicy } from "../../model/cluster-policy.ts";
import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import { type Labels, selects } from "../../model/selector.ts";
import type { NamedPort } from "../../rules/named-port.ts";
import { type PodPredicate, podPredicate } from "../../rules/predicate.ts";
import { type RuleSpec, clusterPolicyRules, policyRules } from "../../rules/rule-spec.ts";
import type { PodClass } from "./pod-class.ts";
import type { PodQuestion, QuestionIndex } from "./question-index.ts";
import type { PolicyUse } from "./policy-use.ts";
import type { RuleBinder } from "./rule-binder.ts";

/** A policy as it is judged, before it is in use. */
export interface PolicySpec {
  readonly policy: NetworkPolicy | ClusterPolicy;
  readonly subject: PodPredicate;
  readonly rules: Readonly<Record<Direction, readonly RuleSpec[]>>;
}

export function policySpec(policy: NetworkPolicy | ClusterPolicy): PolicySpec {
  if (policy.kind === "NetworkPolicy") {
    const rules = { egress: policyRules(policy, "egress"), ingress: policyRules(policy, "ingress") };
    return { policy, subject: podPredicate(policy.namespace, policy.podSelector), rules };
  }
  const { namespaceSelector, podSelector } = policy.subject;
  const rules = { egress: clusterPolicyRules(policy, "egress"), ingress: clusterPolicyRules(policy, "ingress") };
  return { policy, subject: podPredicate(namespaceSelector, podSelector), rules };
}

/** What policies ask that may tell pods apart. */
export interface Asked {
  readonly rules: readonly RuleSpec[];
  readonly labels: ReadonlySet<string>;
  /** Some more than once. */
  readonly portNames: readonly NamedPort[];
}

export function askedBy(specs: Iterable<PolicySpec>): Asked {
  const asked = { rules: [] as RuleSpec[], labels: new Set<string>(), portNames: [] as NamedPort[] };
  const askLabels = ({ pods: { requirements } }: PodPredicate): void => {
    for (const { key } of requirements) asked.labels.add(key);
  };
  const askRules = (rules: readonly RuleSpec[]): void => {
    for (const rule of rules) {
      asked.rules.push(rule);
      for (const peer of rule.peers ?? []) if (peer.kind === "pods") askLabels(peer);
      for (const named of rule.named) asked.portNames.push(named);
    }
  };
  for (const { subject, rules } of specs) {
    askLabels(subject);
    askRules(rules.egress);
    askRules(rules.ingress);
  }
  return asked;
}

/** `NetworkPolicy namespace/name`, `ClusterNetworkPolicy name`. */
export function policyKey(policy: NetworkPolicy | ClusterPolicy): string {
  return `${policy.kind} ${policy.kind === "NetworkPolicy" ? `${policy.namespace}/` : ""}${policy.name}`;
}

/** The policies in use, and which of them select each class. */
export class PolicyUses {
  readonly #questions: QuestionIndex;
  readonly #binder: RuleBinder;
  readonly #byKey = new Map<string, PolicyUse>();
  /** Those that are not of one namespace. */
  readonly #ofCluster = new Set<PolicyUse>();
  #lastNumber = 0;
  readonly #bySubject = new Map<PodQuestion, Set<PolicyUse>>();
  readonly #byClass = new Map<PodClass, Set<PolicyUse>>();

  constructor(questions: QuestionIndex, binder: RuleBinder) {
    this.#questions = questions;
    this.#binder = binder;
  }

  /** Those that select a class. */
  of(podClass: PodClass): ReadonlySet<PolicyUse> {
    return this.#byClass.get(podClass) ?? noUses;
  }

  /** Those that would select a class if its namespace had these labels. */
  supposed(podClass: PodClass, namespaceLabels: Labels): readonly PolicyUse[] {
    const own = [...this.of(podClass)].filter(({ policy }) => policy.kind === "NetworkPolicy");
    for (const use of this.#ofCluster) {
      const { namespace, pods } = use.subject.predicate;
      if (typeof namespace === "string" || !selects(namespace, namespaceLabels)) continue;
      if (selects(pods, podClass.labels)) own.push(use);
    }
    return own;
  }

  /** Takes a policy into use whose addresses were asked about. */
  add({ policy, subject, rules }: PolicySpec): PolicyUse {
    const use: PolicyUse = {
      number: this.#lastNumber++,
      policy,
      subject: this.#questions.use(subject),
      rules: {
        egress: rules.egress.map((spec) => this.#binder.bind(spec)),
        ingress: rules.ingress.map((spec) => this.#binder.bind(spec)),
      },
    };
    this.#byKey.set(policyKey(policy), use);
    if (policy.kind !== "NetworkPolicy") this.#ofCluster.add(use);
    const others = this.#bySubject.get(use.subject);
    if (others === undefined) this.#bySubject.set(use.subject, new Set([use]));
    else others.add(use);
    use.subject.members.forEach((podClass) => this.#select(podClass, use));
    return use;
  }

  /** The policy in use under a key. */
  get(key: string): PolicyUse | undefined {
    return this.#byKey.get(key);
  }

  /** Takes a policy out of use. */
  remove(use: PolicyUse): void {
    const key = policyKey(use.policy);
    if (this.#byKey.get(key) === use) this.#byKey.delete(key);
    this.#ofCluster.delete(use);
    for (const podClass of use.subject.members) this.#byClass.get(podClass)?.delete(use);
    const others = this.#bySubject.get(use.subject);
    others?.delete(use);
    if (others?.size === 0) this.#bySubject.delete(use.subject);
    this.#binder.release([...use.rules.egress, ...use.rules.ingress]);
    this.#questions.release(use.subject);
  }

  /** The policies whose subjects a question asks for; they select a class, or not, as the question is answered now. */
  answered(question: PodQuestion, podClass: PodClass): Iterable<PolicyUse> {
    const uses = this.#bySubject.get(question) ?? [];
    const isMember = question.members.has(podClass);
    for (const use of uses) {
      if (isMember) this.#select(podClass, use);
      else this.#byClass.get(podClass)?.delete(use);
    }
    return uses;
  }

  /** A class is judged as another is, because both were one. */
  copy(from: PodClass, to: PodClass): void {
    for (const use of this.of(from)) this.#select(to, use);
  }

  leave(podClass: PodClass): void {
    this.#byClass.delete(podClass);
  }

  #select(podClass: PodClass, use: PolicyUse): void {
    const others = this.#byClass.get(podClass);
    if (others === undefined) this.#byClass.set(podClass, new Set([use]));
    else others.add(use);
  }
}

const noUses: ReadonlySet<PolicyUse> = new Set();
