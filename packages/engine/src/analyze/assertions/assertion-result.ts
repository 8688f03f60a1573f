import type { Endpoint } from "../../evaluate/connection.ts";
import type { ConnectionSet } from "../../net/connection-set.ts";
import type { Protocol } from "../../net/protocol.ts";
import type { Assertion, AssertionEnd } from "./assertion.ts";

/** Whether an assertion is so. */
export interface AssertionResult {
  readonly assertion: Assertion;
  /** `empty` when there is nothing to judge, which is no success. */
  readonly outcome: "passed" | "failed" | "empty";
  /** How many pairs of pods, and of pods with sorts of addresses that policies do not tell apart, were judged. */
  readonly pairs: number;
  /** How many of them are not as asserted. */
  readonly failing: number;
  /** The ends that match nobody. */
  readonly emptyEnds: readonly AssertionEnd[];
  readonly counterExample?: CounterExample;
}

/** A pair that is not as asserted. */
export interface CounterExample {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** What may pass and should not, or should and may not. */
  readonly wrong: ConnectionSet;
  /** One such port; absent where none has ports. */
  readonly at?: { readonly protocol: Protocol; readonly port: number };
}
