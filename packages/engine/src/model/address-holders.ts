import { type Address, type AddressKey, addressKey } from "../net/address.ts";
import type { Pod } from "./pod.ts";

/** Which pods say of which addresses that they are theirs. Most addresses are one pod's: little is kept for those. */
export class AddressHolders {
  readonly #only = new Map<AddressKey, Pod>();
  readonly #several = new Map<AddressKey, readonly Pod[]>();

  add(address: Address, pod: Pod): void {
    this.#put(address, [...this.of(address), pod]);
  }

  remove(address: Address, pod: Pod): void {
    this.#put(
      address,
      this.of(address).filter((other) => other !== pod),
    );
  }

  of(address: Address): readonly Pod[] {
    const key = addressKey(address);
    const only = this.#only.get(key);
    return only === undefined ? (this.#several.get(key) ?? []) : [only];
  }

  /** The pods with an address that another one has too. */
  get contesting(): ReadonlySet<Pod> {
    return new Set([...this.#several.values()].flat());
  }

  #put(address: Address, pods: readonly Pod[]): void {
    const key = addressKey(address);
    const [only] = pods;
    if (only !== undefined && pods.length === 1) this.#only.set(key, only);
    else this.#only.delete(key);
    if (pods.length > 1) this.#several.set(key, pods);
    else this.#several.delete(key);
  }
}
