/** The narrow face of nftables that podwall needs. */
export interface Nft {
  /**
   * Runs commands in nft's language as one transaction: all take effect at one instant, or none.
   * Rejects with an `NftError`.
   */
  run(commands: readonly string[]): Promise<void>;
  /** The names of the objects in table `inet podwall`, or undefined when there is no such table. */
  objects(): Promise<NftObjects | undefined>;
  /** The elements of a set or map of table `inet podwall`. Rejects with an `NftError` of kind `not-found`. */
  elements(name: string): Promise<readonly NftElement[]>;
  /** Whether table `inet podwall` is there and has a map of this name. Takes a fraction of a listing. */
  hasMap(name: string): Promise<boolean>;
  /** The rules in table `inet podwall`, in order; none where there is no table. */
  rules(): Promise<readonly NftRule[]>;
}

export interface NftRule {
  readonly chain: string;
  /** The same for the same rule for as long as it is there, counters aside. */
  readonly text: string;
}

export interface NftObjects {
  readonly chains: readonly string[];
  /** Sets and maps. */
  readonly sets: readonly string[];
}

export interface NftElement {
  /** The fields of the key as nft's JSON gives them: a number, an address text, `{ range: [a, b] }`, … */
  readonly key: readonly unknown[];
  /** A map's value. */
  readonly value?: unknown;
  /** Packets counted, where the set has counters. */
  readonly packets?: number;
}

/**
 * Why nft refused. `too-long`: the transaction exceeds the socket buffer, which only a privileged user may raise (about
 * 208 KiB in a user namespace). `unavailable`: there is no nft, or no kernel support.
 */
export type NftErrorKind =
  | "exists"
  | "not-found"
  | "busy"
  | "too-long"
  | "permission"
  | "unavailable"
  | "syntax"
  | "other";

export class NftError extends Error {
  override readonly name = "NftError";
  readonly kind: NftErrorKind;

  constructor(kind: NftErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
