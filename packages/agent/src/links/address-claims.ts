import { type Pod, formatAddress, isPolicyPod, podKey } from "@podwall/engine";

/**
 * How long a pod with an address that another pod had stays closed after the other one is gone: other nodes hear of that
 * at their own pace, and until then take its packets for the other one's. Network plugins that know of this wait as well
 * before they give an address again, for up to half a minute; those that do not are waited for here.
 */
export const holdMs = 2_000;

interface Claim {
  readonly pod: Pod;
  /** Tells a pod from a later one of its name, where its uid is known. */
  readonly identity: string;
}

/** Which pods of the cluster have which addresses, which of them share one, and who had one until just now. */
export class AddressClaims {
  /** By address. */
  readonly #claims = new Map<string, readonly Claim[]>();
  /** When claims of the last moments ended, by address and identity. */
  readonly #released = new Map<string, Map<string, number>>();
  readonly #identities = new Map<Pod, string>();
  readonly #contested = new Set<string>();
  #now = 0;

  /**
   * Takes in the pods that there are now. `uids` are those of pods whose uid is known, by `namespace/name`. `now` is in
   * milliseconds of a clock that never goes back.
   */
  update(pods: readonly Pod[], uids: ReadonlyMap<string, string>, now: number): void {
    this.#now = now;
    const came: Pod[] = [];
    let stayed = 0;
    for (const pod of pods) {
      if (this.#identities.has(pod)) stayed++;
      else if (isPolicyPod(pod)) came.push(pod);
    }
    // Most events are about one pod of a hundred thousand, and most take none away.
    if (stayed < this.#identities.size) this.#releaseAllBut(new Set(pods));
    for (const pod of came) this.#claim(pod, uids.get(podKey(pod)));
    this.#forget(now);
  }

  /**
   * The pods with an address that another one has too, as where a new pod got it and the old one's object is not deleted
   * yet. Whose it is cannot be told from afar.
   */
  get contested(): ReadonlySet<Pod> {
    const claims = [...this.#contested].flatMap((address) => this.#claims.get(address) ?? []);
    return new Set(claims.map(({ pod }) => pod));
  }

  /** Until when other nodes may take a pod for another one; undefined where nobody had its addresses just now. */
  readonly heldUntil = (pod: Pod): number | undefined => {
    const identity = this.#identities.get(pod);
    const times = pod.addresses.map(formatAddress).flatMap((address) => {
      if (this.#contested.has(address)) return [this.#now + holdMs];
      const released = [...(this.#released.get(address) ?? [])];
      return released.filter(([former]) => former !== identity).map(([, at]) => at + holdMs);
    });
    return times.length === 0 ? undefined : Math.max(...times);
  };

  #claim(pod: Pod, uid: string | undefined): void {
    if (this.#identities.has(pod)) return;
    const claim: Claim = { pod, identity: [podKey(pod), uid].join(" ") };
    this.#identities.set(pod, claim.identity);
    for (const address of pod.addresses) {
      const text = formatAddress(address);
      this.#put(text, [...(this.#claims.get(text) ?? []), claim]);
    }
  }

  #releaseAllBut(present: ReadonlySet<Pod>): void {
    for (const [pod, identity] of this.#identities) if (!present.has(pod)) this.#release({ pod, identity });
  }

  #release({ pod, identity }: Claim): void {
    this.#identities.delete(pod);
    for (const address of pod.addresses) {
      const text = formatAddress(address);
      this.#put(
        text,
        (this.#claims.get(text) ?? []).filter((claim) => claim.pod !== pod),
      );
      const released = this.#released.get(text) ?? new Map<string, number>();
      this.#released.set(text, released.set(identity, this.#now));
    }
  }

  #forget(now: number): void {
    for (const [address, released] of this.#released) {
      for (const [identity, at] of released) if (at + holdMs <= now) released.delete(identity);
      if (released.size === 0) this.#released.delete(address);
    }
  }

  #put(address: string, claims: readonly Claim[]): void {
    if (claims.length === 0) this.#claims.delete(address);
    else this.#claims.set(address, claims);
    if (claims.length > 1) this.#contested.add(address);
    else this.#contested.delete(address);
  }
}
