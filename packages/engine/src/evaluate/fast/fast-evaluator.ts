import { type Cluster, type ClusterNode, type Namespace, undeclaredNamespace } from "../../model/cluster.ts";
import type { ClusterPolicy } from "../../model/cluster-policy.ts";
import type { Direction, NetworkPolicy } from "../../model/network-policy.ts";
import { type Pod, isPolicyPod, isSamePod, podKey } from "../../model/pod.ts";
import type { Labels } from "../../model/selector.ts";
import { type Address, type Family, compareAddresses } from "../../net/address.ts";
import { type ConnectionSet, allows } from "../../net/connection-set.ts";
import type { Connection, Endpoint } from "../connection.ts";
import { type AddressPiece, type AddressSet, AddressSets } from "./address-sets.ts";
import type { BoundRule } from "./bound-rule.ts";
import { ClassPairs, type Evaluation } from "./class-pairs.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { Decisions } from "./decisions.ts";
import { type Changing, type MapChange, mapChange } from "./map-change.ts";
import { type OpenBlock, openBlocks } from "./open-blocks.ts";
import { type OutsideBlock, outsideBlocks } from "./outside-blocks.ts";
import type { Outsider } from "./outsider.ts";
import { Outsiders } from "./outsiders.ts";
import type { PodClass, Via } from "./pod-class.ts";
import { PodClasses, type Split } from "./pod-classes.ts";
import { type PolicySpec, PolicyUses, askedBy, policyKey, policySpec } from "./policy-uses.ts";
import type { NamedPort } from "../../rules/named-port.ts";
import { type PodQuestion, QuestionIndex } from "./question-index.ts";
import { RuleBinder } from "./rule-binder.ts";
import type { RuleTable } from "./rule-table.ts";
import { RuleTables } from "./rule-tables.ts";
import { Traits } from "./traits.ts";

export interface FastEvaluatorOptions {
  /** A selector of so many classes or more is looked up by trait, not by name; it changes no answer. */
  readonly broadFrom?: number;
}

/** An object that is another than before, came, or went. */
export interface ClusterChange {
  readonly before?: ChangingObject;
  readonly after?: ChangingObject;
}

/** What a change did to classes. */
type Followed = Pick<Changing, "pods" | "origins" | "created">;

/** What a verdict depends on. */
export type ChangingObject = Pod | Namespace | ClusterNode | NetworkPolicy | ClusterPolicy;

/**
 * Answers like the reference evaluator, for whole clusters and for clusters that change: pods that policies cannot tell
 * apart are one class, rules that say the same are one, and what each list of rules says is worked out once. A change
 * touches only what depends on it.
 */
export class FastEvaluator {
  readonly #namespaces: Map<string, Namespace>;
  readonly #nodes: Map<string, ClusterNode>;
  readonly #pool = new ConnectionPool();
  readonly #decisions = new Decisions(this.#pool);
  readonly #addresses = new AddressSets();
  readonly #classes = new PodClasses(this.#addresses);
  readonly #outsiders = new Outsiders(this.#addresses, () => this.#classes.pods);
  readonly #traits = new Traits();
  readonly #questions: QuestionIndex;
  readonly #binder: RuleBinder;
  readonly #uses: PolicyUses;
  readonly #tables: RuleTables;

  constructor(cluster: Cluster, { broadFrom = 64 }: FastEvaluatorOptions = {}) {
    let last = 0;
    const nextNumber = (): number => last++;
    this.#namespaces = new Map(cluster.namespaces);
    this.#nodes = new Map(cluster.nodes);
    this.#questions = new QuestionIndex({
      classes: this.#classes,
      namespaces: this.#namespaces,
      traits: this.#traits,
      nextNumber,
      broadFrom,
    });
    this.#binder = new RuleBinder(this.#pool, this.#questions, this.#addresses, this.#nodes, nextNumber);
    this.#uses = new PolicyUses(this.#questions, this.#binder);
    const context = {
      pool: this.#pool,
      decisions: this.#decisions,
      traits: this.#traits,
      nodes: this.#nodes,
    };
    this.#tables = new RuleTables(context, this.#binder, (podClass) => this.#uses.of(podClass));
    const specs = [...cluster.policies, ...cluster.clusterPolicies].map(policySpec);
    this.#ask(specs);
    for (const pod of cluster.pods) if (isPolicyPod(pod)) this.#addPod(pod);
    for (const spec of specs) this.#uses.add(spec);
  }

  /** Pods by class. */
  get classes(): Iterable<PodClass> {
    return this.#classes.all;
  }

  /** Those of pods of a namespace. */
  classesIn(namespace: string): ReadonlySet<PodClass> {
    return this.#classes.in(namespace);
  }

  /** The questions in use that a class answers with yes. */
  questionsOf(podClass: PodClass): readonly PodQuestion[] {
    return this.#questions.of(podClass);
  }

  /** The class of a pod of this cluster; undefined for one that policies cannot see. */
  classOf(pod: Pod): PodClass | undefined {
    return this.#classes.of(pod);
  }

  /** What judges a class in a direction. */
  tableOf(podClass: PodClass, direction: Direction): RuleTable {
    return this.#tables.of(podClass, direction);
  }

  /** The rules of a policy of this cluster. */
  rulesOf(policy: NetworkPolicy | ClusterPolicy): Readonly<Record<Direction, readonly BoundRule[]>> {
    return this.#uses.get(policyKey(policy))?.rules ?? noRules;
  }

  /** Goes on answering a question that rules ask, until it is let go, also where none of them asks it any more. */
  hold(question: PodQuestion): void {
    this.#questions.use(question.predicate);
  }

  letGo(question: PodQuestion): void {
    this.#questions.release(question);
  }

  /** What would judge a class in a direction if its namespace had these labels; what it says holds until the cluster changes. */
  tableIf(podClass: PodClass, direction: Direction, namespaceLabels: Labels): RuleTable {
    return this.#tables.supposed(podClass, direction, this.#uses.supposed(podClass, namespaceLabels));
  }

  /** Which of the asked-about addresses an address is. */
  addressSetOf(address: Address): AddressSet {
    return this.#addresses.of(address);
  }

  /** What rules can tell of an end that is no pod with a network of its own. */
  outsiderOf(end: Endpoint): Outsider {
    return this.#outsiders.of(end);
  }

  /** The connections of a number that tables give. */
  setOf(number: number): ConnectionSet {
    return this.#pool.get(number);
  }

  /** All addresses of a family, cut where rules tell them apart. */
  addressPieces(family: Family): readonly AddressPiece[] {
    return this.#addresses.pieces(family);
  }

  /** Whether a policy isolates a class for a direction. */
  isIsolated(podClass: PodClass, direction: Direction): boolean {
    return this.#tables.of(podClass, direction).isolates;
  }

  /** Everything that may pass from one end to another: what both directions allow. */
  connections(source: Endpoint, destination: Endpoint): ConnectionSet {
    return this.#pool.get(
      this.#pool.intersect(this.#allowed("egress", source, destination), this.#allowed("ingress", destination, source)),
    );
  }

  /** Whether a new connection is allowed. */
  allows({ source, destination, protocol, port, throughService = false }: Connection): boolean {
    const set = throughService ? this.#throughService(source, destination) : this.connections(source, destination);
    return allows(set, protocol, port);
  }

  /**
   * The whole map: who may talk to whom, by class, as blocks of pairs that may exchange the same; what is in no block may
   * exchange nothing. Pods are met by their first address. A block with one class on both sides is about different pods
   * of it.
   */
  openBlocks(): Iterable<OpenBlock> {
    return openBlocks(this.#evaluation());
  }

  /** What may pass between classes whose pods meet by one of their addresses, for many pairs. */
  classPairs(via: Via): ClassPairs {
    return new ClassPairs(this.#evaluation(), via);
  }

  /**
   * What pods may exchange with ends that are no pods, by class. That a pod's own node is always reached, and reaches it,
   * is left out: it depends on where each pod runs.
   */
  outsideBlocks<End>(ends: ReadonlyMap<End, Endpoint>): Iterable<OutsideBlock<End>> {
    const outsiders = new Map([...ends].map(([end, endpoint]) => [end, this.#outsiders.of(endpoint)]));
    return outsideBlocks(this.#tables, this.#pool, outsiders);
  }

  /** Follows a change of the cluster, and works out what it changes in the map. */
  update(change: ClusterChange): MapChange {
    this.#tables.startRecording();
    this.#traits.startRecording();
    const followed = this.follow(change);
    this.#tables.settle();
    return mapChange({
      ...followed,
      tables: this.#tables,
      traits: this.#traits,
      before: { ...this.#tables.endRecording(), traits: this.#traits.endRecording() },
      pool: this.#pool,
    });
  }

  /**
   * Follows a change of the cluster for those who ask about some pods alone: no table is made that nobody asks for. They may
   * ask tables for what is `allowedAlone`; what tables keep is brought up to date by `update` only.
   */
  follow({ before, after }: ClusterChange): Followed {
    const origins = new Map<PodClass, PodClass>();
    const created = new Set<PodClass>();
    const pods: MapChange["pods"][number][] = [];
    const object = after ?? before;
    switch (object?.kind) {
      case "Pod":
        pods.push(...this.#changePod(object, after as Pod | undefined, created));
        break;
      case "Namespace":
        this.#changeNamespace(object.name, after as Namespace | undefined);
        break;
      case "Node":
        this.#changeNode(object.name, after as ClusterNode | undefined, origins);
        break;
      case "NetworkPolicy":
      case "ClusterNetworkPolicy":
      case "AdminNetworkPolicy":
      case "BaselineAdminNetworkPolicy":
        this.#changePolicy(policyKey(object), after as NetworkPolicy | ClusterPolicy | undefined, origins);
        break;
      case undefined:
        break;
    }
    return { pods, origins, created };
  }

  /** Where a pod reaches itself through a Service the tiers judge, and nothing else does; other pairs are as they are. */
  #throughService(source: Endpoint, destination: Endpoint): ConnectionSet {
    const isItself = source.kind === "pod" && destination.kind === "pod" && isSamePod(source.pod, destination.pod);
    if (!isItself || !isPolicyPod(source.pod)) return this.connections(source, destination);
    const podClass = this.#known(source.pod);
    const sent = this.#tables.of(podClass, "egress").allowedToOwnNode(podClass, viaOf(destination));
    const taken = this.#tables.of(podClass, "ingress").allowedToOwnNode(podClass, viaOf(source));
    return this.#pool.get(this.#pool.intersect(sent, taken));
  }

  #evaluation(): Evaluation {
    return { classes: this.#classes.all, tables: this.#tables, decisions: this.#decisions, pool: this.#pool };
  }

  #allowed(direction: Direction, subject: Endpoint, peer: Endpoint): number {
    if (subject.kind === "address" || !isPolicyPod(subject.pod)) return ConnectionPool.all;
    if (peer.kind === "pod" && isSamePod(peer.pod, subject.pod)) return ConnectionPool.all;
    const isOwnNode = this.#isOwnNode(subject.pod, peer);
    if (isOwnNode && direction === "ingress") return ConnectionPool.all;
    const table = this.#tables.of(this.#known(subject.pod), direction);
    if (peer.kind === "pod" && isPolicyPod(peer.pod)) {
      const via = viaOf(peer);
      const peerClass = this.#known(peer.pod);
      return isOwnNode ? table.allowedToOwnNode(peerClass, via) : table.allowed(peerClass, via);
    }
    const outsider = this.#outsiders.of(peer);
    return isOwnNode ? table.allowedToOwnNode(outsider, "none") : table.allowedOutside(outsider);
  }

  #isOwnNode(pod: Pod, peer: Endpoint): boolean {
    if (pod.node === undefined) return false;
    if (peer.kind === "pod" && peer.pod.hostNetwork && peer.pod.node === pod.node) return true;
    const { address } = peer;
    const addresses = this.#nodes.get(pod.node)?.addresses ?? [];
    return address !== undefined && addresses.some((own) => compareAddresses(own, address) === 0);
  }

  #known(pod: Pod): PodClass {
    const podClass = this.#classes.of(pod);
    if (podClass === undefined) throw new Error(`pod ${podKey(pod)} is not of this cluster`);
    return podClass;
  }

  /** Tells pods apart by all that policies ask about; gives the classes that this splits. */
  #ask(specs: readonly PolicySpec[]): readonly Split[] {
    const { rules, labels, portNames } = askedBy(specs);
    const { isNew } = this.#binder.askAddresses(rules);
    return [
      ...(isNew ? this.#askAddresses() : []),
      ...this.#classes.askLabels(labels),
      ...this.#askPortNames(portNames),
    ];
  }

  #askAddresses(): readonly Split[] {
    this.#traits.keep();
    return this.#refreshed(this.#classes.askAddresses());
  }

  #askPortNames(names: readonly NamedPort[]): readonly Split[] {
    if (!this.#classes.areNew(names)) return [];
    this.#traits.keep();
    return this.#refreshed(this.#classes.askPortNames(names));
  }

  /** Classes that were split, after all were asked something new. */
  #refreshed(splits: readonly Split[]): readonly Split[] {
    const added = new Set(splits.map(({ to }) => to));
    for (const podClass of this.#classes.all) if (!added.has(podClass)) this.#traits.refresh(podClass);
    return splits;
  }

  /** Two classes that were one: all is said of both that was said of the one. */
  #follow(splits: readonly Split[], origins: Map<PodClass, PodClass>): void {
    for (const { from, to } of splits) {
      origins.set(to, origins.get(from) ?? from);
      this.#uses.copy(from, to);
      this.#tables.copy(from, to);
      for (const question of this.#questions.copy(from, to)) this.#tables.answerChanged(question, to);
    }
  }

  #addPod(pod: Pod, created?: Set<PodClass>): PodClass {
    if (!this.#namespaces.has(pod.namespace)) this.#changeNamespace(pod.namespace, undeclaredNamespace(pod.namespace));
    const { podClass, isNew } = this.#classes.add(pod);
    this.#outsiders.podsChanged();
    if (!isNew) return podClass;
    created?.add(podClass);
    this.#traits.refresh(podClass);
    this.#tables.enter(podClass);
    const entered = this.#questions.enter(podClass);
    for (const question of entered) this.#enteredOrLeft(question, podClass);
    for (const question of this.#questions.broadenGrown(entered)) this.#tables.broadened(question);
    return podClass;
  }

  #removePod(pod: Pod): PodClass | undefined {
    const removed = this.#classes.remove(pod);
    if (removed === undefined) return undefined;
    this.#outsiders.podsChanged();
    if (!removed.isGone) return removed.podClass;
    for (const question of this.#questions.leave(removed.podClass)) this.#enteredOrLeft(question, removed.podClass);
    this.#tables.leave(removed.podClass);
    this.#uses.leave(removed.podClass);
    this.#traits.leave(removed.podClass);
    return removed.podClass;
  }

  #changePod(pod: Pod, after: Pod | undefined, created: Set<PodClass>): MapChange["pods"] {
    const visible = after !== undefined && isPolicyPod(after) ? after : undefined;
    if (visible !== undefined && this.#classes.replace(visible)) {
      this.#outsiders.podsChanged();
      return [];
    }
    const before = this.#removePod(pod);
    const now = visible && this.#addPod(visible, created);
    return before === now ? [] : [{ key: podKey(pod), ...(before && { before }), ...(now && { after: now }) }];
  }

  /** A class that is new or gone: tables have no entry for it but by questions that are not broad. */
  #enteredOrLeft(question: PodQuestion, podClass: PodClass): void {
    if (!question.isBroad) this.#answered(question, podClass);
    else this.#selectedAnew(question, podClass);
  }

  /** A question is answered in another way for a class. */
  #answered(question: PodQuestion, podClass: PodClass): void {
    this.#tables.answerChanged(question, podClass);
    this.#selectedAnew(question, podClass);
  }

  #selectedAnew(question: PodQuestion, podClass: PodClass): void {
    for (const { policy } of this.#uses.answered(question, podClass)) this.#subjectChanged(podClass, policy);
  }

  #subjectChanged(podClass: PodClass, policy: NetworkPolicy | ClusterPolicy): void {
    for (const direction of directionsOf(policy)) this.#tables.subjectChanged(podClass, direction);
  }

  #changeNamespace(name: string, after: Namespace | undefined): void {
    const isInUse = [...this.#classes.in(name)].length > 0;
    if (after !== undefined) this.#namespaces.set(name, after);
    else if (isInUse) this.#namespaces.set(name, undeclaredNamespace(name));
    else this.#namespaces.delete(name);
    for (const { question, podClass } of this.#questions.namespaceChanged(name)) this.#answered(question, podClass);
  }

  #changeNode(name: string, after: ClusterNode | undefined, origins: Map<PodClass, PodClass>): void {
    if (after === undefined) this.#nodes.delete(name);
    else this.#nodes.set(name, after);
    const numbers = this.#binder.nodesChanged();
    if (numbers.length > 0) this.#follow(this.#askAddresses(), origins);
    for (const number of numbers) this.#tables.addressesChanged(number);
  }

  #changePolicy(key: string, after: NetworkPolicy | ClusterPolicy | undefined, origins: Map<PodClass, PodClass>): void {
    const old = this.#uses.get(key);
    if (after !== undefined) {
      const spec = policySpec(after);
      this.#follow(this.#ask([spec]), origins);
      const { subject } = this.#uses.add(spec);
      for (const podClass of subject.members) this.#subjectChanged(podClass, after);
    }
    if (old === undefined) return;
    for (const podClass of old.subject.members) this.#subjectChanged(podClass, old.policy);
    this.#uses.remove(old);
    if (this.#binder.sweep().swept) this.#follow(this.#askAddresses(), origins);
  }
}

const noRules: Readonly<Record<Direction, readonly BoundRule[]>> = { egress: [], ingress: [] };

function viaOf({ address }: Endpoint): Via {
  return address?.family ?? "none";
}

/** The directions in which a policy has a say. */
function directionsOf(policy: NetworkPolicy | ClusterPolicy): readonly Direction[] {
  if (policy.kind === "NetworkPolicy") return policy.directions;
  return (["egress", "ingress"] as const).filter((direction) => policy[direction].length > 0);
}
