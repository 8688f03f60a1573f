import type { FastEvaluator } from "../evaluate/fast/fast-evaluator.ts";
import type { PodClass } from "../evaluate/fast/pod-class.ts";
import type { Sample } from "../evaluate/fast/sample.ts";
import { type Pod, podKey } from "../model/pod.ts";
import { type Address, type Family, formatAddress } from "../net/address.ts";
import { type Atoms, atomsOf } from "./atoms.ts";
import { ClassIdentities } from "./class-identities.ts";
import type { Differences } from "./differences.ts";
import { type Asked, atomAt } from "./identity.ts";
import type { AddressIdentity, Atom, NodePlan } from "./node-plan.ts";

export interface IdentityChange {
  readonly asked: Asked;
  /** Pods with addresses that policies can see. */
  readonly pods: Differences<Pod>;
  /** Namespaces whose labels are others. */
  readonly namespaces: ReadonlySet<string>;
}

/** Who has an address, and the identity it has by that. */
interface Held {
  readonly address: Address;
  /** The pods that say that it is theirs; the last by key has it. */
  readonly claims: readonly Pod[];
  readonly identity?: string;
}

const families: readonly Family[] = [4, 6];

/** Every address there is, sorted into identities. What does not change stays the same object. */
export class AddressIdentities {
  readonly #evaluator: FastEvaluator;
  readonly #classes = new ClassIdentities();
  readonly #held = new Map<string, Held>();
  /** How many pod addresses have each identity. */
  readonly #holders = new Map<string, number>();
  #asked: Asked = { pods: new Set(), addresses: new Map(), named: new Map() };
  #pieces: Partial<Record<Family, unknown>> = {};
  #atoms: Readonly<Record<Family, Atoms>> = { 4: noAtoms, 6: noAtoms };
  #podIdentities: ReadonlyMap<string, AddressIdentity> = new Map();
  #identities: ReadonlySet<string> = new Set();

  constructor(evaluator: FastEvaluator) {
    this.#evaluator = evaluator;
  }

  get atoms(): NodePlan["atoms"] {
    return { 4: this.#atoms[4].atoms, 6: this.#atoms[6].atoms };
  }

  get podIdentities(): NodePlan["podIdentities"] {
    return this.#podIdentities;
  }

  get identities(): NodePlan["identities"] {
    return this.#identities;
  }

  /** Somebody of each identity. */
  samples(): ReadonlyMap<string, Sample> {
    const samples = new Map<string, Sample>();
    for (const family of families) {
      for (const [identity, addresses] of this.#atoms[family].samples)
        samples.set(identity, { kind: "outside", addresses });
    }
    for (const podClass of this.#classes.classes) {
      for (const family of families) {
        const identity = this.#classes.of(podClass, family) as string;
        if (!samples.has(identity) && this.#holders.has(identity))
          samples.set(identity, { kind: "pods", podClass, family });
      }
    }
    return samples;
  }

  /** Takes in what changed, after the evaluator did. */
  follow({ asked, pods, namespaces }: IdentityChange): void {
    const before = this.#asked;
    this.#asked = asked;
    const hasCut = this.#cut(before);
    const touched = new Set<string>();
    for (const pod of pods.gone) for (const address of pod.addresses) touched.add(this.#unclaim(pod, address));
    for (const pod of pods.came) for (const address of pod.addresses) touched.add(this.#claim(pod, address));
    const moved = this.#classes.follow([...this.#evaluator.classes], { before, asked, namespaces });
    for (const podClass of moved) addAddresses(podClass, touched);
    const hasMoved = this.#settle(hasCut ? this.#held.keys() : touched);
    if (hasCut || hasMoved) {
      const atoms = families.flatMap((family) => [...this.#atoms[family].samples.keys()]);
      this.#identities = new Set([...atoms, ...this.#holders.keys()]);
    }
  }

  /** Cuts the addresses that are no pods' again, where something else is asked about them. Says whether it was. */
  #cut(before: Asked): boolean {
    const asksAnew =
      before.addresses.size !== this.#asked.addresses.size ||
      [...before.addresses.keys()].some((number) => !this.#asked.addresses.has(number));
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

  #claim(pod: Pod, address: Address): string {
    const text = formatAddress(address);
    const held = this.#held.get(text);
    const claims = [...(held?.claims ?? []), pod];
    claims.sort((a, b) => (podKey(a) < podKey(b) ? -1 : 1));
    this.#held.set(text, { ...held, address, claims });
    return text;
  }

  #unclaim(pod: Pod, address: Address): string {
    const text = formatAddress(address);
    const held = this.#held.get(text);
    if (held !== undefined) this.#held.set(text, { ...held, claims: held.claims.filter((other) => other !== pod) });
    return text;
  }

  /** Gives addresses the identities of the pods that have them now. Says whether an identity came or went. */
  #settle(texts: Iterable<string>): boolean {
    let hasMoved = false;
    let changed: Map<string, AddressIdentity> | undefined;
    for (const text of texts) {
      const held = this.#held.get(text);
      if (held === undefined) continue;
      const { address, claims } = held;
      const owner = claims.at(-1);
      const identity = owner === undefined ? undefined : this.#identityOf(owner, address.family);
      if (held.identity !== identity) {
        if (held.identity !== undefined && this.#count(held.identity, -1) === 0) hasMoved = true;
        if (identity !== undefined && this.#count(identity, 1) === 1) hasMoved = true;
      }
      if (identity === undefined) this.#held.delete(text);
      else if (held.identity !== identity) this.#held.set(text, { address, claims, identity });
      const isAtoms = identity === atomAt(this.#atoms[address.family].atoms, address).identity;
      const wanted = isAtoms ? undefined : identity;
      if (this.#podIdentities.get(text)?.identity === wanted) continue;
      changed ??= new Map(this.#podIdentities);
      if (wanted === undefined) changed.delete(text);
      else changed.set(text, { address, identity: wanted });
    }
    this.#podIdentities = changed ?? this.#podIdentities;
    return hasMoved;
  }

  #identityOf(pod: Pod, family: Family): string | undefined {
    const podClass = this.#evaluator.classOf(pod);
    return podClass && this.#classes.of(podClass, family);
  }

  #count(identity: string, change: 1 | -1): number {
    const count = (this.#holders.get(identity) ?? 0) + change;
    if (count === 0) this.#holders.delete(identity);
    else this.#holders.set(identity, count);
    return count;
  }
}

const noAtoms: Atoms = { atoms: [], samples: new Map() };

function addAddresses({ pods }: PodClass, texts: Set<string>): void {
  for (const { addresses } of pods) for (const address of addresses) texts.add(formatAddress(address));
}

function isSameAtom(a: Atom, b: Atom | undefined): boolean {
  return a.identity === b?.identity && formatAddress(a.first) === formatAddress(b.first);
}
