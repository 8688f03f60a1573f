import type { ClusterNode } from "../../model/cluster.ts";
import { selects } from "../../model/selector.ts";
import { portsOf, union } from "../../net/connection-set.ts";
import { allPorts } from "../../net/port-set.ts";
import type { AddressPredicate } from "../../rules/predicate.ts";
import type { AppliedRule, BoundRule } from "./bound-rule.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { connectionsAt } from "./connections-at.ts";
import { Decisions, type NextStage } from "./decisions.ts";
import type { Outsider } from "./outsider.ts";
import type { PodClass, Via } from "./pod-class.ts";
import type { PodQuestion } from "./question-index.ts";
import { PastView } from "./past-view.ts";
import { type FoundRules, RuleIndex } from "./rule-index.ts";
import type { Sample } from "./sample.ts";
import { TableView } from "./table-view.ts";
import type { TraitSet, Traits } from "./traits.ts";

/** What the tables of an evaluator share. */
export interface TableContext {
  readonly pool: ConnectionPool;
  readonly decisions: Decisions;
  readonly traits: Traits;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
}

const asPeer = { toOwnNode: false };

/** An address in no block that is asked about. */
const nobody: Sample = { kind: "outside", addresses: { id: -1, members: new Set() } };

/** What one list of rules, which judges some classes in one direction, allows every peer. */
export class RuleTable {
  readonly key: string;
  readonly rules: readonly AppliedRule[];
  /** The classes it judges. */
  readonly subjects = new Set<PodClass>();
  readonly #context: TableContext;
  readonly #next: NextStage;
  // Made when they are asked for: a map needs none of them.
  #asksAddresses: boolean | undefined;
  #views: Map<Via, TableView> | undefined;
  #outsiders: Map<string, number> | undefined;
  #index: RuleIndex | undefined;

  constructor(key: string, rules: readonly AppliedRule[], next: NextStage, context: TableContext) {
    this.key = key;
    this.rules = rules;
    this.#next = next;
    this.#context = context;
  }

  /** Whether its subjects are isolated, so that what no rule allows is denied. */
  get isolates(): boolean {
    return this.#next === "NetworkPolicy";
  }

  /** What is allowed to or from a class of pods, met by one of their addresses. */
  allowed(peer: PodClass, via: Via): number {
    return this.view(via).allowed(peer, this.#context.traits.of(peer, via));
  }

  /** What is allowed to or from an end that is no pod with a network of its own. */
  allowedOutside(outsider: Outsider): number {
    const key = `${outsider.addresses.id} ${outsider.node ?? ""} ${outsider.hasPodAddress}`;
    const outsiders = (this.#outsiders ??= new Map<string, number>());
    const known = outsiders.get(key);
    if (known !== undefined) return known;
    const allowed = this.#context.decisions.outcome(this.#judgeOutsider(outsider), this.#next);
    outsiders.set(key, allowed);
    return allowed;
  }

  /** What is allowed to the own node, which NetworkPolicy does not judge. */
  allowedToOwnNode(peer: Outsider | PodClass, via: Via): number {
    const state =
      "pods" in peer ? this.#judgeClass(peer, this.#context.traits.of(peer, via)) : this.#judgeOutsider(peer);
    return this.#context.decisions.outcome(state, "Baseline");
  }

  /** What is allowed to or from a class of which these places in the rules are said to be about it. */
  allowedBy(peer: Pick<PodClass, "ports" | "askedPorts">, isAbout: (place: number) => boolean): number {
    const { decisions, pool } = this.#context;
    let state = Decisions.start;
    for (let place = 0; place < this.rules.length; place++) {
      if (!isAbout(place)) continue;
      const applied = this.rules[place] as AppliedRule;
      state = decisions.after(state, applied.rule.spec, connectionsAt(applied, peer, pool));
    }
    return decisions.outcome(state, this.#next);
  }

  /** What is allowed to or from one peer, worked out for it alone; `toOwnNode` as NetworkPolicy has no say. */
  allowedAlone(peer: Sample, { toOwnNode }: { readonly toOwnNode: boolean } = asPeer): number {
    this.#index ??= new RuleIndex(this.rules);
    const found = this.#index.for(peer);
    if (found.areNamed || toOwnNode) return this.#decide(found, peer, toOwnNode);
    return (found.allowed ??= this.#decide(found, peer, toOwnNode));
  }

  /**
   * What is asked about pods, where all others, and all that is no pod, are allowed only what is allowed in any case; undefined where
   * it may be more.
   */
  questionsOfAllowed(): readonly PodQuestion[] | undefined {
    this.#index ??= new RuleIndex(this.rules);
    const { asksAddresses, everyones, questions } = this.#index;
    if (asksAddresses || everyones.areNamed) return undefined;
    return this.allowedAlone(nobody) === this.allowedInAnyCase() ? questions : undefined;
  }

  #decide({ rules, areNamed }: FoundRules, peer: Sample, toOwnNode: boolean): number {
    const { decisions, traits, pool } = this.#context;
    const traitSet = peer.kind === "pods" && areNamed ? traits.of(peer.podClass, peer.family) : undefined;
    let state = Decisions.start;
    for (const applied of rules) {
      const about = traitSet === undefined ? applied.connections : connectionsAt(applied, traitSet, pool);
      state = decisions.after(state, applied.rule.spec, about);
    }
    return decisions.outcome(state, toOwnNode ? "Baseline" : this.#next);
  }

  /** What is allowed whatever the peer is; it follows from the rules alone. */
  allowedInAnyCase(): number {
    const { decisions } = this.#context;
    const state = this.rules.reduce((before, { rule, connections }) => {
      const { stage, action } = rule.spec;
      if (rule.peers === undefined) return decisions.after(before, rule.spec, connections);
      // Whoever a rule is for may be anyone: nobody can count on its Accept, everybody on its Deny.
      return action === "Accept" ? before : decisions.after(before, { stage, action: "Deny" }, this.#mostOf(rule));
    }, Decisions.start);
    return decisions.outcome(state, this.#next);
  }

  /** Must be called when questions that its rules ask are answered in another way, and it is not said for whom. */
  forget(): void {
    this.#views = undefined;
    this.#outsiders = undefined;
  }

  /** Must be called when questions about pods are answered in another way for classes; gives what it said of them. */
  rejudge(classes: Iterable<PodClass>): PastView {
    const view = this.view("first");
    const kept = this.#viewKey("first");
    this.#views = new Map([[kept, view]]);
    const before = new Map<PodClass, number | undefined>();
    for (const podClass of classes) {
      const allowed = this.#isNamed(podClass) ? this.#allowedByName(podClass, kept) : undefined;
      before.set(podClass, view.replace(podClass, allowed));
    }
    return new PastView(view, before);
  }

  view(via: Via): TableView {
    const by = this.#viewKey(via);
    const views = (this.#views ??= new Map<Via, TableView>());
    const known = views.get(by);
    if (known !== undefined) return known;
    const { decisions } = this.#context;
    const exceptions = new Map<PodClass, number>();
    for (const podClass of this.#named()) {
      if (!exceptions.has(podClass)) exceptions.set(podClass, this.#allowedByName(podClass, by));
    }
    const view = new TableView(this.rules, exceptions, (set) => decisions.outcome(this.#judgeTraits(set), this.#next));
    views.set(by, view);
    return view;
  }

  #viewKey(via: Via): Via {
    this.#asksAddresses ??= this.rules.some(({ rule }) => (rule.peers?.addresses.length ?? 0) > 0);
    return this.#asksAddresses ? via : "none";
  }

  #allowedByName(podClass: PodClass, via: Via): number {
    const { decisions, traits } = this.#context;
    return decisions.outcome(this.#judgeClass(podClass, traits.of(podClass, via)), this.#next);
  }

  #isNamed(podClass: PodClass): boolean {
    return this.rules.some(
      ({ rule }) => rule.peers?.pods.some(({ isBroad, members }) => !isBroad && members.has(podClass)) ?? false,
    );
  }

  /** The classes that a rule selects more closely than by traits; some more than once. */
  *#named(): Generator<PodClass> {
    for (const { rule } of this.rules) {
      for (const question of rule.peers?.pods ?? []) if (!question.isBroad) yield* question.members;
    }
  }

  #judgeClass(podClass: PodClass, traits: TraitSet): number {
    return this.#judge(
      ({ peers }) =>
        peers === undefined ||
        peers.pods.some((question) => question.members.has(podClass)) ||
        peers.addresses.some(({ number }) => traits.addresses.members.has(number)),
      (applied) => connectionsAt(applied, traits, this.#context.pool),
    );
  }

  #judgeTraits(traits: TraitSet): number {
    return this.#judge(
      ({ peers }) =>
        peers === undefined ||
        peers.pods.some(({ number }) => traits.broad.has(number)) ||
        peers.addresses.some(({ number }) => traits.addresses.members.has(number)),
      (applied) => connectionsAt(applied, traits, this.#context.pool),
    );
  }

  #judgeOutsider(outsider: Outsider): number {
    return this.#judge(
      (rule) => this.#isForOutsider(rule, outsider),
      ({ connections }) => connections,
    );
  }

  /** What the rules decide where these match. */
  #judge(matches: (rule: BoundRule) => boolean, about: (applied: AppliedRule) => number): number {
    let state = Decisions.start;
    for (const applied of this.rules) {
      if (matches(applied.rule)) state = this.#context.decisions.after(state, applied.rule.spec, about(applied));
    }
    return state;
  }

  #isForOutsider({ peers }: BoundRule, outsider: Outsider): boolean {
    if (peers === undefined) return true;
    const { members } = outsider.addresses;
    if (peers.unknownPods !== undefined && members.has(peers.unknownPods) && !outsider.hasPodAddress) return true;
    return peers.addresses.some(({ number, predicate }) => members.has(number) || this.#isOnNode(predicate, outsider));
  }

  #isOnNode(predicate: AddressPredicate, { node: name }: Outsider): boolean {
    if (predicate.kind !== "nodes" || name === undefined) return false;
    const node = this.#context.nodes.get(name);
    return node !== undefined && selects(predicate.nodes, node.labels);
  }

  /** All that a rule may be about: a name may stand for any port. */
  #mostOf({ spec }: BoundRule): number {
    const any = spec.named.map(({ protocol }) => portsOf(protocol, allPorts));
    return this.#context.pool.add(any.reduce(union, spec.ports));
  }
}
