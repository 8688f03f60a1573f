import type { ClusterNode } from "../../model/cluster.ts";
import { selects } from "../../model/selector.ts";
import { portsOf, union } from "../../net/connection-set.ts";
import { allPorts } from "../../net/port-set.ts";
import { formatNamedPort, withNamedPorts } from "../../rules/named-port.ts";
import type { AddressPredicate } from "../../rules/predicate.ts";
import type { AppliedRule, BoundRule } from "./bound-rule.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { Decisions, type NextStage } from "./decisions.ts";
import type { Outsider } from "./outsider.ts";
import type { PodClass, Via } from "./pod-class.ts";

/** What the tables of an evaluator share. */
export interface TableContext {
  readonly pool: ConnectionPool;
  readonly decisions: Decisions;
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  /** The classes that declare a port of a name, by `name/protocol`. */
  readonly declaring: (name: string) => Iterable<PodClass>;
  /** The classes with an address that a question about addresses holds for, by the question's number. */
  readonly holding: (number: number) => Iterable<PodClass>;
}

/** What a table says of pods, each number one of the pool. It does not change when the table does. */
export interface TableView {
  /** Allowed for the classes that are not among the exceptions. */
  readonly common: number;
  /** Classes that some rule is about. */
  readonly exceptions: ReadonlyMap<PodClass, number>;
}

/** What one list of rules, which judges some classes in one direction, allows every peer. */
export class RuleTable {
  readonly key: string;
  readonly rules: readonly AppliedRule[];
  /** Whether the addresses by which peers are met matter. */
  readonly asksAddresses: boolean;
  /** The classes it judges. */
  readonly subjects = new Set<PodClass>();
  readonly #context: TableContext;
  readonly #next: NextStage;
  readonly #views = new Map<Via, TableView>();
  readonly #outsiders = new Map<string, number>();

  constructor(key: string, rules: readonly AppliedRule[], next: NextStage, context: TableContext) {
    this.key = key;
    this.rules = rules;
    this.#next = next;
    this.#context = context;
    this.asksAddresses = rules.some(({ rule }) => (rule.peers?.addresses.length ?? 0) > 0);
  }

  /** Whether its subjects are isolated, so that what no rule allows is denied. */
  get isolates(): boolean {
    return this.#next === "NetworkPolicy";
  }

  /** What is allowed to or from a class of pods, met by one of their addresses. */
  allowed(peer: PodClass, via: Via): number {
    const { common, exceptions } = this.view(via);
    return exceptions.get(peer) ?? common;
  }

  /** What is allowed to or from an end that is no pod with a network of its own. */
  allowedOutside(outsider: Outsider): number {
    const key = `${outsider.addresses.id} ${outsider.node ?? ""} ${outsider.hasPodAddress}`;
    const known = this.#outsiders.get(key);
    if (known !== undefined) return known;
    const state = this.#judge(
      (rule) => this.#isForOutsider(rule, outsider),
      ({ connections }) => connections,
    );
    const allowed = this.#context.decisions.outcome(state, this.#next);
    this.#outsiders.set(key, allowed);
    return allowed;
  }

  /** What is allowed to the own node, which NetworkPolicy does not judge. */
  allowedToOwnNode(peer: Outsider | PodClass, via: Via): number {
    const state =
      "pods" in peer
        ? this.#judge(
            (rule) => this.#isForClass(rule, peer, via),
            (applied) => this.#about(applied, peer),
          )
        : this.#judge(
            (rule) => this.#isForOutsider(rule, peer),
            ({ connections }) => connections,
          );
    return this.#context.decisions.outcome(state, "Baseline");
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

  /** Must be called when a question that its rules ask is answered in another way. */
  forget(): void {
    this.#views.clear();
    this.#outsiders.clear();
  }

  view(via: Via): TableView {
    const by = this.asksAddresses ? via : "none";
    const known = this.#views.get(by);
    if (known !== undefined) return known;
    const view = this.#makeView(by);
    this.#views.set(by, view);
    return view;
  }

  #makeView(via: Via): TableView {
    const { decisions } = this.#context;
    const states = new Map<PodClass, number>();
    let common = Decisions.start;
    for (const applied of this.rules) {
      const { rule, connections, named } = applied;
      const step = (state: number, about: number): number => decisions.after(state, rule.spec, about);
      const before = common;
      const single = (podClass: PodClass): void => {
        states.set(podClass, step(states.get(podClass) ?? before, this.#about(applied, podClass)));
      };
      if (isForAllPods(rule)) {
        common = step(before, connections);
        const declaring = new Set(named.flatMap((name) => [...this.#context.declaring(formatNamedPort(name))]));
        for (const [podClass, state] of states) {
          if (!declaring.has(podClass)) states.set(podClass, step(state, connections));
        }
        for (const podClass of declaring) single(podClass);
      } else {
        for (const podClass of this.#selected(rule, via)) single(podClass);
      }
    }
    const exceptions = new Map<PodClass, number>();
    for (const [podClass, state] of states) exceptions.set(podClass, decisions.outcome(state, this.#next));
    return { common: decisions.outcome(common, this.#next), exceptions };
  }

  /** A class may come more than once: what a rule does twice it does once. */
  *#selected({ peers }: BoundRule, via: Via): Generator<PodClass> {
    for (const { members } of peers?.pods ?? []) yield* members;
    for (const { number } of peers?.addresses ?? []) {
      for (const podClass of this.#context.holding(number)) {
        if (podClass.addresses[via].members.has(number)) yield podClass;
      }
    }
  }

  /** What a list of rules decides where these match. */
  #judge(matches: (rule: BoundRule) => boolean, about: (applied: AppliedRule) => number): number {
    return this.rules
      .filter(({ rule }) => matches(rule))
      .reduce(
        (state, applied) => this.#context.decisions.after(state, applied.rule.spec, about(applied)),
        Decisions.start,
      );
  }

  #isForClass(rule: BoundRule, podClass: PodClass, via: Via): boolean {
    if (isForAllPods(rule)) return true;
    const { pods = [], addresses = [] } = rule.peers ?? {};
    const { members } = podClass.addresses[via];
    return (
      pods.some((question) => question.members.has(podClass)) || addresses.some(({ number }) => members.has(number))
    );
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

  #about({ rule, connections, named }: AppliedRule, { ports }: PodClass): number {
    if (named.length === 0) return connections;
    return this.#context.pool.add(withNamedPorts(rule.spec.ports, named, ports));
  }
}

/** Whether a rule is for every pod, whatever its labels. */
export function isForAllPods({ peers }: BoundRule): boolean {
  return peers === undefined || peers.allPods;
}
