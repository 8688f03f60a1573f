import { excessOf, mostParts } from "../namespace-parts.ts";

/** A policy that was read and not taken in yet. */
export interface OnTheWay {
  readonly namespace: string;
  /** As it is written; see `partsOf`. */
  readonly parts: number;
  /** Keeps of it only what stands in for it. */
  readonly letGo: () => void;
}

/**
 * Bounds what a list that is on its way holds of the policies of each namespace: nothing is taken in before it is whole. The
 * largest are let go of as they come: of all of them together they are too much as well.
 */
export class PoliciesOnTheWay {
  readonly #namespaces = new Map<string, Map<string, OnTheWay>>();
  readonly #parts = new Map<string, number>();

  add(key: string, policy: OnTheWay): void {
    const { namespace, parts } = policy;
    this.delete(key, namespace);
    const policies = this.#namespaces.get(namespace) ?? new Map<string, OnTheWay>();
    this.#namespaces.set(namespace, policies.set(key, policy));
    this.#count(namespace, parts);
    // Sorted only when as much again has come.
    if ((this.#parts.get(namespace) ?? 0) <= 2 * mostParts) return;
    for (const excess of excessOf(new Map([...policies].map(([name, one]) => [name, one.parts])))) {
      policies.get(excess)?.letGo();
      this.delete(excess, namespace);
    }
  }

  /** It was taken in. */
  delete(key: string, namespace: string): void {
    const policy = this.#namespaces.get(namespace)?.get(key);
    if (policy === undefined) return;
    this.#namespaces.get(namespace)?.delete(key);
    this.#count(namespace, -policy.parts);
  }

  /** The list is whole, or comes to nothing. */
  clear(): void {
    this.#namespaces.clear();
    this.#parts.clear();
  }

  #count(namespace: string, by: number): void {
    this.#parts.set(namespace, (this.#parts.get(namespace) ?? 0) + by);
  }
}
