import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { Sample } from "../evaluate/fast/sample.ts";
import { AddressHolders } from "../model/address-holders.ts";
import { type Pod, podKey } from "../model/pod.ts";
import { type Address, type AddressKey, type Family, addressKey, formatAddress } from "../net/address.ts";
import { type Atoms, atomsOf } from "./atoms.ts";
import { ClassIdentities } from "./class-identities.ts";
import { haveSameKeys } from "./have-same-keys.ts";
import type { Differences } from "./differences.ts";
import { type Asked, atomAt } from "./identity.ts";
import type { IdentityGroups } from "./identity-groups.ts";
import { LayeredSet } from "./layered-set.ts";
import type { AddressIdentity, Atom, NodePlan } from "./node-plan.ts";
import { SharedMap } from "./shared-map.ts";

export interface IdentityChange {
  readonly asked: Asked;
  /** Pods with addresses that policies can see. */
  readonly pods: Differences<Pod>;
  readonly classes: Differences<PodClass>;
  /** Namespaces whose labels are others. */
  readonly namespaces: ReadonlySet<string>;
}

const families: readonly Family[] = [4, 6];

/** Every address there is, sorted into identities. What does not change stays the same object. */
export class AddressIdentities {
  readonly #evaluator: FastEvaluator;
  readonly #groups: IdentityGroups;
  readonly #classes: ClassIdentities;
  /** Of the pods that say that an address is theirs, the last by key has it. */
  readonly #claims = new AddressHolders();
  /** The identities that pods' addresses have by that, where they are not those of the atoms they lie in. */
  readonly #held = new Map<AddressKey, string>();
  /** How many pod addresses have each identity. */
  readonly #holders = new Map<string, number>();
  #asked: Asked = { pods: new Map(), addresses: new Map(), named: new Map() };
  #pieces: Partial<Record<Family, unknown>> = {};
  #atoms: Readonly<Record<Family, Atoms>> = { 4: noAtoms, 6: noAtoms };
  #podIdentities = SharedMap.empty<AddressIdentity>();
  #identities = LayeredSet.of([]);

  constructor(evaluator: FastEvaluator, groups: IdentityGroups) {
    this.#evaluator = evaluator;
    this.#groups = groups;
    this.#classes = new ClassIdentities(evaluator, groups);
  }

  get atoms(): NodePlan["atoms"] {
    return { 4: this.#atoms[4].atoms, 6: this.#atoms[6].atoms };
  }

  get podIdentities(): NodePlan["podIdentities"] {
    return this.#podIdentities;
  }

  get identities(): LayeredSet {
    return this.#identities;
  }

  /** Somebody of one of the identities. */
  readonly sampleOf = (identity: string): Sample => {
    const pods = this.#groups.sampleOf(identity);
    if (pods !== undefined) return pods;
    for (const family of families) {
      const addresses = this.#atoms[family].samples.get(identity);
      if (addresses !== undefined) return { kind: "outside", addresses };
    }
    throw new Error("nobody has this identity");
  };

  /** The identity of pods of a class by their addresses of a family. */
  readonly identityOf = (podClass: PodClass, family: Family): string | undefined =>
    this.#groups.identityOf({ podClass, family });

  /** Takes in what changed, after the evaluator did. */
  follow({ asked, pods, classes, namespaces }: IdentityChange): void {
    const before = this.#asked;
    this.#asked = asked;
    const hasCut = this.#cut(before);
    const touched = new Map<AddressKey, Address>();
    for (const pod of pods.gone) for (const address of pod.addresses) this.#claims.remove(touch(touched, address), pod);
    for (const pod of pods.came) for (const address of pod.addresses) this.#claims.add(touch(touched, address), pod);
    const moved = this.#classes.follow({ before, asked, classes, namespaces, hasCut });
    for (const address of addressesOf(hasCut ? this.#evaluator.classes : moved)) touch(touched, address);
    this.#settleAll(touched.values(), hasCut);
  }

  /** Has addresses that are treated alike one identity each, where they have several. */
  merge(): void {
    this.#settleAll(addressesOf(this.#classes.merge()), false);
  }

  #settleAll(addresses: Iterable<Address>, hasCut: boolean): void {
    const counted = this.#settle(addresses);
    if (hasCut) {
      const atoms = families.flatMap((family) => [...this.#atoms[family].samples.keys()]);
      this.#identities = LayeredSet.of([...atoms, ...this.#holders.keys()]);
      return;
    }
    const [gone, came] = [[] as string[], [] as string[]];
    for (const identity of counted) {
      const isHeld = this.#holders.has(identity);
      if (isHeld !== this.#identities.has(identity)) (isHeld ? came : gone).push(identity);
    }
    if (gone.length + came.length > 0) this.#identities = this.#identities.with({ gone, came });
  }

  /** Cuts the addresses that are no pods' again, where something else is asked about them. Says whether it was. */
  #cut(before: Asked): boolean {
    const asksAnew = !haveSameKeys(before.addresses, this.#asked.addresses);
    let hasCut = false;
    for (const family of families) {
      const pieces = this.#evaluator.addressPieces(family);
      if (!asksAnew && this.#pieces[family] === pieces) continue;
      this.#pieces = { ...this.#pieces, [family]: pieces };
      const { atoms, samples } = atomsOf(pieces, this.#asked);
      const old = this.#atoms[family].atoms;
      const isAsBefore = atoms.length === old.length && atoms.every((atom, index) => isSameAtom(atom, old[index]));
      this.#atoms = { ...this.#atoms, [family]: { atoms: isAsBefore ? old : atoms, samples } };
      hasCut ||= !isAsBefore;
    }
    return hasCut;
  }

  /** Gives addresses the identities of the pods that have them now. Gives the identities that may have come or gone by that. */
  #settle(addresses: Iterable<Address>): ReadonlySet<string> {
    const counted = new Set<string>();
    const changed = new Map<string, AddressIdentity | undefined>();
    for (const address of addresses) {
      const key = addressKey(address);
      const owner = lastByKey(this.#claims.of(address));
      const [before, wanted] = [this.#held.get(key), owner && this.#identityOf(owner, address)];
      if (before === wanted) continue;
      if (before !== undefined && this.#count(before, -1) === 0) counted.add(before);
      if (wanted !== undefined && this.#count(wanted, 1) === 1) counted.add(wanted);
      if (wanted === undefined) this.#held.delete(key);
      else this.#held.set(key, wanted);
      const text = formatAddress(address);
      if (this.#podIdentities.get(text)?.identity === wanted) changed.delete(text);
      else changed.set(text, wanted === undefined ? undefined : { address, identity: wanted });
    }
    if (changed.size > 0) this.#podIdentities = this.#podIdentities.with(changed);
    return counted;
  }

  /** Undefined where it is that of the atom. */
  #identityOf(pod: Pod, address: Address): string | undefined {
    const podClass = this.#evaluator.classOf(pod);
    const found = podClass && this.#classes.of(podClass, address.family);
    const isAtoms =
      found?.atom !== undefined && atomAt(this.#atoms[address.family].atoms, address).identity === found.atom;
    return isAtoms ? undefined : found?.identity;
  }

  #count(identity: string, change: 1 | -1): number {
    const count = (this.#holders.get(identity) ?? 0) + change;
    if (count === 0) this.#holders.delete(identity);
    else this.#holders.set(identity, count);
    return count;
  }
}

const noAtoms: Atoms = { atoms: [], samples: new Map() };

function touch(touched: Map<AddressKey, Address>, address: Address): Address {
  touched.set(addressKey(address), address);
  return address;
}

function* addressesOf(classes: Iterable<PodClass>): Iterable<Address> {
  for (const { pods } of classes) for (const { addresses } of pods) yield* addresses;
}

function lastByKey(pods: readonly Pod[]): Pod | undefined {
  return pods.length < 2 ? pods[0] : pods.reduce((last, pod) => (podKey(last) < podKey(pod) ? pod : last));
}

function isSameAtom(a: Atom, b: Atom | undefined): boolean {
  return a.identity === b?.identity && formatAddress(a.first) === formatAddress(b.first);
}
