import type { ContainerPort, Pod } from "../../model/pod.ts";
import type { Address, Family } from "../../net/address.ts";
import type { Protocol } from "../../net/protocol.ts";
import type { NamedPort } from "../../rules/named-port.ts";
import type { AddressSet, AddressSets } from "./address-sets.ts";
import type { PodClass } from "./pod-class.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type OwnClass = Mutable<Omit<PodClass, "pods">> & { readonly pods: Set<Pod> };

interface Place {
  readonly pod: Pod;
  readonly podClass: OwnClass;
}

/** A class whose pods must be told apart from now on, and the new class of some of them. */
export interface Split {
  readonly from: PodClass;
  readonly to: PodClass;
}

/** Sorts pods into classes by what rules ask about, and splits classes when rules ask about more. */
export class PodClasses {
  readonly #addresses: AddressSets;
  readonly #labelKeys: string[] = [];
  readonly #portNames: AskedPortNames = { TCP: new Set(), UDP: new Set(), SCTP: new Set() };
  readonly #all = new Set<OwnClass>();
  /** Where pods of a key go. Classes that are not told apart any more have one key; they stay two. */
  readonly #byKey = new Map<string, OwnClass>();
  /** By namespace, then by name; made when it is asked for. */
  #places: Map<string, Map<string, Place>> | undefined;
  readonly #byNamespace = new Map<string, Set<OwnClass>>();
  /** The pod that was added last: neighbours are often of one class. */
  #last: Place | undefined;
  // Made when they are asked for, and again after classes came, went or changed.
  readonly #byLabel = new Map<string, Map<string, OwnClass[]>>();
  #lastId = 0;

  constructor(addresses: AddressSets) {
    this.#addresses = addresses;
  }

  get all(): Iterable<PodClass> {
    return this.#all;
  }

  get pods(): Iterable<Pod> {
    return [...this.#all].flatMap(({ pods }) => [...pods]);
  }

  in(namespace: string): ReadonlySet<PodClass> {
    return this.#byNamespace.get(namespace) ?? noClasses;
  }

  /** The classes with a label that is asked about. */
  withLabel(key: string, value: string): readonly PodClass[] {
    const byValue = lookUp(this.#byLabel, key, () => {
      const found = new Map<string, OwnClass[]>();
      for (const podClass of this.#all) {
        const own = podClass.labels.get(key);
        if (own !== undefined) lookUp(found, own, () => []).push(podClass);
      }
      return found;
    });
    return byValue.get(value) ?? [];
  }

  /** The class of a pod that was added. */
  of(pod: Pod): PodClass | undefined {
    return this.#placeOf(pod)?.podClass;
  }

  /** Adds a pod to its class, which may be new. */
  add(pod: Pod): { readonly podClass: PodClass; readonly isNew: boolean } {
    const last = this.#last;
    if (last !== undefined && this.#isAlike(pod, last)) {
      last.podClass.pods.add(pod);
      this.#place(pod, last.podClass);
      return { podClass: last.podClass, isNew: false };
    }
    const key = this.#keyOf(pod);
    const known = this.#byKey.get(key);
    const podClass = known ?? this.#create(pod);
    if (known === undefined) this.#byKey.set(key, podClass);
    podClass.pods.add(pod);
    this.#place(pod, podClass);
    this.#last = { pod, podClass };
    return { podClass, isNew: known === undefined };
  }

  /** Puts a pod in the place of the one of its key, where that stays of its class. */
  replace(pod: Pod): boolean {
    const place = this.#placeOf(pod);
    if (place === undefined || this.#byKey.get(this.#keyOf(pod)) !== place.podClass) return false;
    const { podClass } = place;
    podClass.pods.delete(place.pod);
    podClass.pods.add(pod);
    this.#place(pod, podClass);
    return true;
  }

  /** Takes the pod of a name out of its class, which is gone when that was its last; undefined where there is none. */
  remove(name: PodName): { readonly podClass: PodClass; readonly isGone: boolean } | undefined {
    const place = this.#placeOf(name);
    if (place === undefined) return undefined;
    const { pod, podClass } = place;
    const others = this.#places?.get(pod.namespace);
    others?.delete(pod.name);
    if (others?.size === 0) this.#places?.delete(pod.namespace);
    podClass.pods.delete(pod);
    const isGone = podClass.pods.size === 0;
    if (isGone) {
      this.#all.delete(podClass);
      const byKey = this.#keyOf(pod);
      if (this.#byKey.get(byKey) === podClass) this.#byKey.delete(byKey);
      this.#byNamespace.get(podClass.namespace)?.delete(podClass);
      this.#forgetIndexes();
    }
    return { podClass, isGone };
  }

  /** Tells pods apart by these labels too. */
  askLabels(keys: Iterable<string>): readonly Split[] {
    const added = [...keys].filter((key) => !this.#labelKeys.includes(key));
    if (added.length === 0) return [];
    this.#labelKeys.push(...added);
    return this.#refine((pod) => labelsKey(pod, added));
  }

  /** Whether some of these names are not asked for yet. */
  areNew(names: readonly NamedPort[]): boolean {
    return names.some(({ name, protocol }) => !this.#portNames[protocol].has(name));
  }

  /** Tells pods apart by the numbers they give these names too. */
  askPortNames(names: readonly NamedPort[]): readonly Split[] {
    for (const { name, protocol } of names) this.#portNames[protocol].add(name);
    return this.#refine((pod) => portsKey(pod, this.#portNames));
  }

  /** Tells pods apart by the addresses that are asked about now. */
  askAddresses(): readonly Split[] {
    return this.#refine((pod) => this.#addressKey(pod));
  }

  /** Splits classes whose pods have different keys, and says of each class what holds for its pods now. */
  #refine(keyOf: (pod: Pod) => string): Split[] {
    const splits: { readonly from: OwnClass; readonly to: OwnClass }[] = [];
    const classes = [...this.#all];
    for (const from of classes) {
      const parts = new Map<string, OwnClass>();
      for (const pod of from.pods) {
        const key = keyOf(pod);
        const part = parts.get(key);
        if (part === undefined && parts.size === 0) {
          parts.set(key, from);
          continue;
        }
        if (part === from) continue;
        const to = part ?? this.#create(pod);
        if (part === undefined) splits.push({ from, to });
        parts.set(key, to);
        from.pods.delete(pod);
        to.pods.add(pod);
        this.#place(pod, to);
      }
      const sample = first(from.pods);
      from.labels = sample.labels;
      from.ports = askedPorts(sample, this.#portNames);
      from.askedPorts = portsKey(sample, this.#portNames);
      from.addresses = this.#addressesOf(sample);
    }
    this.#forgetIndexes();
    this.#byKey.clear();
    for (const podClass of this.#all) {
      this.#byKey.set(this.#keyOf(first(podClass.pods)), podClass);
    }
    return splits;
  }

  #placeOf({ namespace, name }: PodName): Place | undefined {
    if (this.#places === undefined) {
      this.#places = new Map();
      for (const podClass of this.#all) for (const pod of podClass.pods) this.#place(pod, podClass);
    }
    return this.#places.get(namespace)?.get(name);
  }

  #place(pod: Pod, podClass: OwnClass): void {
    if (this.#places !== undefined) lookUp(this.#places, pod.namespace, newPlaces).set(pod.name, { pod, podClass });
  }

  #forgetIndexes(): void {
    this.#byLabel.clear();
    this.#last = undefined;
  }

  #create(pod: Pod): OwnClass {
    const { namespace, labels } = pod;
    const podClass: OwnClass = {
      id: this.#lastId++,
      namespace,
      labels,
      ports: askedPorts(pod, this.#portNames),
      askedPorts: portsKey(pod, this.#portNames),
      pods: new Set(),
      addresses: this.#addressesOf(pod),
    };
    this.#forgetIndexes();
    this.#all.add(podClass);
    const others = this.#byNamespace.get(namespace);
    if (others === undefined) this.#byNamespace.set(namespace, new Set([podClass]));
    else others.add(podClass);
    return podClass;
  }

  #addressesOf(pod: Pod): PodClass["addresses"] {
    const { empty } = this.#addresses;
    const setOf = (family: Family): AddressSet => {
      const address = pod.addresses.find((own) => own.family === family);
      return address === undefined ? empty : this.#addresses.of(address);
    };
    const [own] = pod.addresses;
    return { none: empty, first: own === undefined ? empty : setOf(own.family), 4: setOf(4), 6: setOf(6) };
  }

  #addressKey({ addresses }: Pod): string {
    const { empty } = this.#addresses;
    let key = "";
    for (let index = 0; index < addresses.length; index++) {
      const address = addresses[index] as Address;
      const set = this.#addresses.of(address);
      if (set !== empty) key += `${index === 0 ? "" : "+"}${address.family}:${set.id} `;
    }
    return key;
  }

  /** Whether a pod is of the same class as another for sure; told without making keys, for pods of one template. */
  #isAlike(pod: Pod, { pod: other, podClass }: Place): boolean {
    if (pod.namespace !== other.namespace || pod.addresses.length !== other.addresses.length) return false;
    for (let index = 0; index < this.#labelKeys.length; index++) {
      const key = this.#labelKeys[index] as string;
      if (pod.labels.get(key) !== other.labels.get(key)) return false;
    }
    for (let index = 0; index < pod.addresses.length; index++) {
      const address = pod.addresses[index] as Address;
      if (address.family !== other.addresses[index]?.family) return false;
      if (this.#addresses.of(address) !== podClass.addresses[address.family]) return false;
    }
    return haveSamePorts(pod, other);
  }

  #keyOf(pod: Pod): string {
    return `${pod.namespace}\n${this.#addressKey(pod)}\n${labelsKey(pod, this.#labelKeys)}\n${portsKey(pod, this.#portNames)}`;
  }
}

/** The names that rules ask for, by protocol. */
type AskedPortNames = Readonly<Record<Protocol, Set<string>>>;

type PodName = Pick<Pod, "namespace" | "name">;

const newPlaces = (): Map<string, Place> => new Map();

const noClasses: ReadonlySet<PodClass> = new Set();

function lookUp<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function first(pods: ReadonlySet<Pod>): Pod {
  const [pod] = pods;
  if (pod === undefined) throw new Error("a class without pods");
  return pod;
}

function haveSamePorts({ ports }: Pod, { ports: others }: Pod): boolean {
  if (ports.length !== others.length) return false;
  for (let index = 0; index < ports.length; index++) {
    const port = ports[index] as ContainerPort;
    const other = others[index] as ContainerPort;
    if (port.port !== other.port || port.name !== other.name || port.protocol !== other.protocol) return false;
  }
  return true;
}

/** One text for each choice of values; a label that is absent is told from an empty one. */
function labelsKey({ labels }: Pod, keys: readonly string[]): string {
  let text = "";
  for (let index = 0; index < keys.length; index++) {
    const value = labels.get(keys[index] as string);
    text += value === undefined ? "-" : `${value.length}=${value}`;
  }
  return text;
}

function askedPorts({ ports }: Pod, names: AskedPortNames): readonly ContainerPort[] {
  return ports.filter(({ name, protocol }) => name !== undefined && names[protocol].has(name));
}

function portsKey({ ports }: Pod, names: AskedPortNames): string {
  let text = "";
  for (let index = 0; index < ports.length; index++) {
    const { name, protocol, port } = ports[index] as ContainerPort;
    if (name !== undefined && names[protocol].has(name)) text += `${name}/${protocol}=${port}\n`;
  }
  return text;
}
