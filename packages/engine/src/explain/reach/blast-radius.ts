import type { Endpoint } from "../../evaluate/connection.ts";
import type { Reached, ReachedAddresses } from "./reach.ts";

/** What can be reached from a pod that is taken over, and from what that reaches, step by step. */
export interface BlastRadius {
  readonly end: Endpoint;
  /** Steps that were followed at most. */
  readonly mostHops: number;
  /** Nearest first, then those with the most open to them. */
  readonly ends: readonly BlastEnd[];
  /** Running pods that are not reached in so many steps. */
  readonly safePods: number;
  /** Addresses that are no pod's and can be sent to, from the nearest end that may. */
  readonly outside: readonly BlastOutside[];
}

/** What may pass is that of the last step, from any of those that are a step nearer. */
export interface BlastEnd extends Reached {
  /** `namespace/name` of a workload or pod. */
  readonly name: string;
  readonly pods: readonly string[];
  /** 1 is reached from the pod itself; where nothing is reached for sure, the fewest steps in which it may be. */
  readonly hops: number;
  /** Of what is reached for sure, in how many steps less it may be; absent where that is not so. */
  readonly possibleHops?: number;
  /** The names on the way, the pod's own first. */
  readonly via: readonly string[];
  /** Of what may pass, or may as things are, what the pods declare to listen on; `TCP 8080 "http"`. */
  readonly declared: readonly DeclaredPort[];
}

export interface DeclaredPort {
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly port: number;
  readonly name?: string;
}

export interface BlastOutside extends ReachedAddresses {
  readonly from: string;
  /** Of who may send there. */
  readonly hops: number;
}
