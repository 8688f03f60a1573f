import type { Service, ServicePort } from "../../model/cluster.ts";
import type { Gateway, Route } from "../../model/route.ts";
import type { Protocol } from "../../net/protocol.ts";
import type { MissingFact } from "../unknown/missing-fact.ts";

/** `partly`: from some addresses, some nodes, or to some of several pods. */
export type WayAnswer = "allowed" | "partly" | "denied" | "unknown";

/** A way that leads from outside to pods of a Service. */
export interface WayIn {
  /** The Service's port that it leads to. */
  readonly port: ServicePort;
  /** What sends requests there; absent where the Service itself is open to the outside. */
  readonly route?: Route;
  readonly gateway?: Gateway;
  /** All of them must be passed. */
  readonly steps: readonly WayStep[];
  readonly answer: WayAnswer;
  /** What is not known, where the answer is `unknown`. */
  readonly missing?: string;
  /** Why no request comes this way, whatever policies say: the Gateway does not take the route, or it may not lead there. */
  readonly refused?: string;
}

/** One connection on the way, judged. */
export interface WayStep {
  /** A pod or workload, or `world`. */
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly answer: WayAnswer;
  /** The Service by which it comes in from outside. */
  readonly service?: Service;
  /** Who is let in, or why not all are. */
  readonly note?: string;
  /** What an `unknown` answer depends on. */
  readonly facts?: readonly MissingFact[];
}
