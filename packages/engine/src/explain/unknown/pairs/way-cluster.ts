import type { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import { FastEvaluator } from "../../../evaluate/fast/fast-evaluator.ts";
import type { Outsider } from "../../../evaluate/fast/outsider.ts";
import type { PodClass } from "../../../evaluate/fast/pod-class.ts";
import type { RuleTable } from "../../../evaluate/fast/rule-table.ts";
import type { Endpoint } from "../../../evaluate/connection.ts";
import { type Cluster, undeclaredNamespace } from "../../../model/cluster.ts";
import type { Direction } from "../../../model/network-policy.ts";
import type { OtherObject, OtherPolicy } from "../../../model/other-object.ts";
import { type Pod, isPolicyPod } from "../../../model/pod.ts";
import { formatSelector } from "../../../model/selector.ts";
import type { Address } from "../../../net/address.ts";
import { policiesOf } from "../missing-facts.ts";
import { labelled } from "../namespace-variation.ts";
import { LabelAnswers } from "./label-answers.ts";
import { type Places, placesOf } from "./places.ts";
import { PodPart } from "./pod-part.ts";
import { type StateEnd, tableAt } from "./state-end.ts";
import { TableWays, type WayContext } from "./table-ways.ts";
import { type SeenState, type Ways, hasNoAddress, isOnlyNamed } from "./ways.ts";

/** A state of a cluster, with what judges its pods in each way in which things may be: as the fast evaluator has it, of the state as given. */
export class WayCluster {
  readonly cluster: Cluster;
  readonly #ways: Ways;
  readonly #others: readonly OtherObject[];
  readonly #context: WayContext;
  /** The places of labels, where nothing tells them apart. */
  readonly #samePlaces: Places;
  /** Made when it is asked for. */
  #evaluator: FastEvaluator | undefined;
  /** By number in the evaluator's pool. */
  readonly #numbers: (number | undefined)[] = [];
  readonly #tables = new Map<RuleTable, TableWays>();
  /** Tables that judge nobody as things are given, by direction and key. */
  readonly #supposed = new Map<string, RuleTable>();
  readonly #rulesOf = new Map<PodClass, Rules>();

  /** `pool` has the numbers of all answers. */
  constructor({ cluster, others, evaluator, blocksHoldPods = true }: SeenState, ways: Ways, pool: ConnectionPool) {
    this.cluster = cluster;
    this.#ways = blocksHoldPods ? ways : { ...ways, addresses: [] };
    this.#others = others.filter(({ role }) => role === "policy");
    this.#evaluator = evaluator;
    this.#context = this.#contextOf(pool);
    this.#samePlaces = placesOf(
      ways.labels.map((_, place) => place),
      () => "",
    );
  }

  /** A pod of this state. */
  endOf(pod: Pod): StateEnd {
    const podClass = this.#given.classOf(pod);
    if (podClass === undefined) throw new Error(`pod ${pod.namespace}/${pod.name} is not of this cluster`);
    const { labels, addresses } = this.#ways;
    return {
      pod,
      podClass,
      isOnlyNamed: labels.length > 1 && isOnlyNamed(this.cluster, pod.namespace),
      hasNoAddress: addresses.length > 0 && hasNoAddress(pod),
      ...this.#rulesFor(podClass),
      others: { egress: this.#othersOf(pod, "egress"), ingress: this.#othersOf(pod, "ingress") },
    };
  }

  /** All that there is to try, if every pod has to be asked about with every other: in rules that are judged. */
  get work(): number {
    const classes = [...this.#given.classes];
    const { labels, subjectsAsk } = this.#ways;
    const tables = classes.flatMap((podClass) => {
      const { egress, ingress } = this.#rulesFor(podClass).tables;
      return [...egress, ...ingress];
    });
    if (subjectsAsk) {
      return tables.reduce((sum, { table }) => sum + table.rules.length, 0) * classes.length * labels.length;
    }
    return [...new Set(tables)].reduce((sum, { work }) => sum + work, 0) * classes.length;
  }

  outsiderOf(peer: Endpoint): Outsider {
    return this.#given.outsiderOf(peer);
  }

  /** The number of what a pod may exchange with an end that is no pod, where its namespace has the labels of a place. */
  outside(direction: Direction, subject: StateEnd, own: number, peer: Outsider): number {
    return this.#context.numberOf(tableAt(subject, direction, own).table.allowedOutside(peer));
  }

  get #given(): FastEvaluator {
    return (this.#evaluator ??= new FastEvaluator(this.cluster));
  }

  #contextOf(pool: ConnectionPool): WayContext {
    const labelAnswers = new Map<string, LabelAnswers>();
    const podParts = new Map<string, PodPart>();
    const members = new Map<number, ReadonlySet<number>>();
    return {
      ways: this.#ways,
      pool,
      numberOf: (own) => (this.#numbers[own] ??= pool.add(this.#given.setOf(own))),
      labelAnswers: (selector) =>
        lookUp(labelAnswers, formatSelector(selector), () => new LabelAnswers(selector, this.#ways.labels)),
      podPart: (selector) => lookUp(podParts, formatSelector(selector), () => new PodPart(selector)),
      addressMembers: (place) =>
        lookUp(members, place, () => this.#given.addressSetOf(this.#ways.addresses[place] as Address).members),
    };
  }

  /** Policies of other kinds that may select a pod for a direction. */
  #othersOf(pod: Pod, direction: Direction): readonly OtherPolicy[] {
    return this.#others.length === 0 || !isPolicyPod(pod) ? noPolicies : policiesOf(this.#others, pod, direction);
  }

  #rulesFor(podClass: PodClass): Rules {
    return lookUp(this.#rulesOf, podClass, () => {
      const [egress, ingress] = [this.#tablesIn(podClass, "egress"), this.#tablesIn(podClass, "ingress")];
      const placesIn = (tables: readonly TableWays[]): Places =>
        tables.length === 1
          ? this.#samePlaces
          : placesOf(this.#samePlaces.all, (place) => `${tables.indexOf(tables[place] as TableWays)}`);
      return { tables: { egress, ingress }, rulePlaces: { egress: placesIn(egress), ingress: placesIn(ingress) } };
    });
  }

  #tablesIn(podClass: PodClass, direction: Direction): readonly TableWays[] {
    const { labels, subjectsAsk } = this.#ways;
    const given = this.#given.tableOf(podClass, direction);
    if (!subjectsAsk || !isOnlyNamed(this.cluster, podClass.namespace)) return [this.#waysOf(given)];
    const namespace = undeclaredNamespace(podClass.namespace);
    return labels.map((choice) => {
      const table = this.#given.tableIf(podClass, direction, labelled(namespace, choice).labels);
      return this.#waysOf(lookUp(this.#supposed, `${direction} ${table.key}`, () => table));
    });
  }

  #waysOf(table: RuleTable): TableWays {
    return lookUp(this.#tables, table, () => new TableWays(table, this.#context));
  }
}

type Rules = Pick<StateEnd, "tables" | "rulePlaces">;

const noPolicies: readonly OtherPolicy[] = [];

function lookUp<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
