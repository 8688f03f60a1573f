import { NftError } from "../nft.ts";
import type { BaseChain, Rule, SetDeclaration } from "./command.ts";
import { FakeSet } from "./fake-set.ts";

interface FakeChain {
  readonly base?: BaseChain;
  readonly rules: readonly Rule[];
}

/** Table `inet podwall`. Changed in place by one transaction; the next works on a copy. */
export class FakeTable {
  readonly comment: string | undefined;
  readonly #chains: Map<string, FakeChain>;
  readonly #sets: Map<string, FakeSet>;
  /** Sets of this copy alone. */
  readonly #own = new Set<string>();

  constructor(comment?: string, from?: FakeTable) {
    this.comment = comment;
    this.#chains = new Map(from === undefined ? [] : from.#chains);
    this.#sets = new Map(from === undefined ? [] : from.#sets);
  }

  copy(): FakeTable {
    return new FakeTable(this.comment, this);
  }

  get chains(): ReadonlyMap<string, FakeChain> {
    return this.#chains;
  }

  get sets(): ReadonlyMap<string, FakeSet> {
    return this.#sets;
  }

  addChain(name: string, base?: BaseChain): void {
    const known = this.#chains.get(name);
    if (known === undefined) {
      this.#chains.set(name, { ...(base === undefined ? {} : { base }), rules: [] });
    } else if (base !== undefined) {
      if (known.base === undefined) throw new NftError("exists", `chain ${name} has no hook`);
      if (placeOf(known.base) !== placeOf(base))
        throw new NftError("other", `chain ${name} is at ${placeOf(known.base)}`);
      this.#chains.set(name, { ...known, base });
    }
  }

  /** Deletes a chain with its rules, unless something leads to it. */
  deleteChain(name: string): void {
    this.#chain(name);
    const user = this.#userOfChain(name);
    if (user !== undefined) throw new NftError("busy", `chain ${name} is used by ${user}`);
    this.#chains.delete(name);
  }

  flushChain(name: string): void {
    this.#chains.set(name, { ...this.#chain(name), rules: [] });
  }

  addRule(name: string, rule: Rule): void {
    const chain = this.#chain(name);
    for (const target of rule.chains) this.checkTarget(target);
    for (const set of rule.sets) this.set(set);
    for (const map of rule.maps) {
      if (this.set(map).declaration.kind !== "map") throw new NftError("syntax", `${map} is not a map`);
    }
    this.#chains.set(name, { ...chain, rules: [...chain.rules, rule] });
  }

  addSet(declaration: SetDeclaration): void {
    const known = this.#sets.get(declaration.name)?.declaration;
    if (known !== undefined && meaningOf(known) !== meaningOf(declaration)) {
      throw new NftError("exists", `${declaration.name} exists as another ${known.kind}`);
    }
    if (known === undefined) this.#sets.set(declaration.name, new FakeSet(declaration));
  }

  deleteSet(name: string): void {
    this.set(name);
    for (const [chain, { rules }] of this.#chains) {
      if (rules.some((rule) => rule.sets.includes(name)))
        throw new NftError("busy", `${name} is used in chain ${chain}`);
    }
    this.#sets.delete(name);
    this.#own.delete(name);
  }

  set(name: string): FakeSet {
    const set = this.#sets.get(name);
    if (set === undefined) throw new NftError("not-found", `there is no set ${name}`);
    return set;
  }

  /** A set that may be changed. */
  ownSet(name: string): FakeSet {
    const set = this.set(name);
    if (this.#own.has(name)) return set;
    const copy = set.copy();
    this.#sets.set(name, copy);
    this.#own.add(name);
    return copy;
  }

  /** Packets may be sent to chains without a hook alone. */
  checkTarget(name: string): void {
    if (this.#chain(name).base !== undefined) throw new NftError("other", `chain ${name} has a hook`);
  }

  /** The chains that a chain leads to. */
  targets(name: string): Set<string> {
    const rules = this.#chains.get(name)?.rules ?? [];
    return new Set(
      rules.flatMap((rule) => [...rule.chains, ...rule.maps.flatMap((map) => [...this.set(map).targets()])]),
    );
  }

  #chain(name: string): FakeChain {
    const chain = this.#chains.get(name);
    if (chain === undefined) throw new NftError("not-found", `there is no chain ${name}`);
    return chain;
  }

  #userOfChain(name: string): string | undefined {
    for (const [other, { rules }] of this.#chains) {
      if (rules.some((rule) => rule.chains.includes(name))) return `chain ${other}`;
    }
    for (const [map, set] of this.#sets) for (const target of set.targets()) if (target === name) return `map ${map}`;
    return undefined;
  }
}

function placeOf({ type, hook, priority }: BaseChain): string {
  return `${type} ${hook} ${priority}`;
}

function meaningOf({ kind, key, value, flags, timeout, size, counter }: SetDeclaration): string {
  return JSON.stringify([kind, key, value, [...flags].sort(), timeout, size, counter]);
}
