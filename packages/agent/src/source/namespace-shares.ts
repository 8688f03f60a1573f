import { excessOf, mostParts } from "../namespace-parts.ts";

/** What is known of a policy that may be too much with the others of its namespace. */
export interface Share {
  readonly namespace: string;
  /** As it is written; see `partsOf`. */
  readonly parts: number;
  /** `metadata.resourceVersion` of what is kept of it. */
  readonly version: string;
  /** Whether all that it says is kept, or only what stands in for it. */
  readonly isWhole: boolean;
}

interface Shares {
  readonly byKey: Map<string, Share>;
  /** Of those that are kept whole. */
  parts: number;
}

/**
 * Bounds what is kept of the policies of each namespace. Which of them are let go of follows from all that there are, and not
 * from the order in which they came.
 */
export class NamespaceShares {
  readonly #namespaces = new Map<string, Shares>();
  readonly #unsettled = new Set<string>();
  /** Of namespaces that have any: policies that are not kept whole and have room, and their versions. */
  readonly #wanted = new Map<string, ReadonlyMap<string, string>>();
  readonly #letGo: (key: string, share: Share) => void;

  /** `letGo` is called for what is to be kept no longer but for what stands in for it. */
  constructor(letGo: (key: string, share: Share) => void) {
    this.#letGo = letGo;
  }

  /** Policies that were let go of, or never kept whole, and that there is room for again, with the versions that are meant. */
  get wanted(): ReadonlyMap<string, string> {
    this.settle();
    return new Map([...this.#wanted.values()].flatMap((keys) => [...keys]));
  }

  put(key: string, share: Share): void {
    this.#change(share.namespace, key, share);
  }

  delete(key: string, namespace: string): void {
    this.#change(namespace, key, undefined);
  }

  /** Lets go of what is too much. Not done for each change: a list has very many. */
  settle(): void {
    for (const namespace of this.#unsettled) this.#settle(namespace);
    this.#unsettled.clear();
  }

  #change(namespace: string, key: string, share: Share | undefined): void {
    const shares = this.#namespaces.get(namespace) ?? { byKey: new Map(), parts: 0 };
    this.#namespaces.set(namespace, shares);
    shares.parts += wholeParts(share) - wholeParts(shares.byKey.get(key));
    if (share === undefined) shares.byKey.delete(key);
    else shares.byKey.set(key, share);
    this.#unsettled.add(namespace);
    // So much may come before anybody looks, and no more.
    if (shares.parts > 2 * mostParts) this.#settle(namespace);
  }

  #settle(namespace: string): void {
    const shares = this.#namespaces.get(namespace);
    if (shares === undefined) return;
    if (shares.byKey.size === 0) this.#namespaces.delete(namespace);
    const excess = excessOf(new Map([...shares.byKey].map(([key, { parts }]) => [key, parts])));
    const wanted = new Map<string, string>();
    for (const [key, share] of shares.byKey) {
      const isMeant = !excess.has(key);
      if (isMeant === share.isWhole) continue;
      if (isMeant) wanted.set(key, share.version);
      else {
        shares.byKey.set(key, { ...share, isWhole: false });
        shares.parts -= share.parts;
        this.#letGo(key, share);
      }
    }
    if (wanted.size > 0) this.#wanted.set(namespace, wanted);
    else this.#wanted.delete(namespace);
  }
}

function wholeParts(share: Share | undefined): number {
  return share?.isWhole === true ? share.parts : 0;
}
