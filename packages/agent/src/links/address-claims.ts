import {
  AddressHolders,
  type AddressKey,
  type Differences,
  type Pod,
  addressKey,
  isPolicyPod,
  podKey,
} from "@podwall/engine";

/**
 * How long a pod with an address that another pod had stays closed after the other one is gone: other nodes hear of that
 * at their own pace, and until then take its packets for the other one's. Network plugins that know of this wait as well
 * before they give an address again, for up to half a minute; those that do not are waited for here.
 */
export const holdMs = 2_000;

/** Which pods of the cluster have which addresses, which of them share one, and who had one until just now. */
export class AddressClaims {
  readonly #claims = new AddressHolders();
  /** Of pods whose uid is known. */
  readonly #uids = new Map<Pod, string>();
  #contested: ReadonlySet<Pod> = new Set();
  /** When claims of the last moments ended, by address and by whose they were. */
  readonly #released = new Map<AddressKey, Map<string, number>>();
  #now = 0;

  /**
   * Takes in what changed of the pods that there are. `uids` are those of pods whose uid is known, by `namespace/name`. `now` is
   * in milliseconds of a clock that never goes back.
   */
  update({ gone, came }: Differences<Pod>, uids: ReadonlyMap<string, string>, now: number): void {
    this.#now = now;
    for (const pod of gone) if (isPolicyPod(pod)) this.#release(pod);
    for (const pod of came) if (isPolicyPod(pod)) this.#claim(pod, uids.get(podKey(pod)));
    this.#contested = this.#claims.contesting;
    this.#forget(now);
  }

  /**
   * The pods with an address that another one has too, as where a new pod got it and the old one's object is not deleted
   * yet. Whose it is cannot be told from afar.
   */
  get contested(): ReadonlySet<Pod> {
    return this.#contested;
  }

  /** Until when other nodes may take a pod for another one; undefined where nobody had its addresses just now. */
  readonly heldUntil = (pod: Pod): number | undefined => {
    if (this.#contested.has(pod)) return this.#now + holdMs;
    const identity = this.#identityOf(pod);
    const times = pod.addresses.flatMap((address) => {
      const released = [...(this.#released.get(addressKey(address)) ?? [])];
      return released.filter(([former]) => former !== identity).map(([, at]) => at + holdMs);
    });
    return times.length === 0 ? undefined : Math.max(...times);
  };

  #claim(pod: Pod, uid: string | undefined): void {
    if (uid !== undefined) this.#uids.set(pod, uid);
    for (const address of pod.addresses) this.#claims.add(address, pod);
  }

  #release(pod: Pod): void {
    const identity = this.#identityOf(pod);
    this.#uids.delete(pod);
    for (const address of pod.addresses) {
      this.#claims.remove(address, pod);
      const key = addressKey(address);
      const released = this.#released.get(key) ?? new Map<string, number>();
      this.#released.set(key, released.set(identity, this.#now));
    }
  }

  /** Tells a pod from a later one of its name, where its uid is known. */
  #identityOf(pod: Pod): string {
    return [podKey(pod), this.#uids.get(pod)].join(" ");
  }

  #forget(now: number): void {
    for (const [address, released] of this.#released) {
      for (const [identity, at] of released) if (at + holdMs <= now) released.delete(identity);
      if (released.size === 0) this.#released.delete(address);
    }
  }
}
