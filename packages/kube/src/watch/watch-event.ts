/** What a watch tells, in the order in which it must be taken in. */
export type WatchEvent<Kept> =
  /** An object is there, new or changed. */
  | { readonly kind: "changed"; readonly key: ObjectKey; readonly object: Kept }
  /** An object is gone, or no longer wanted by `decode`. */
  | { readonly kind: "removed"; readonly key: ObjectKey }
  /** An object is there, new or changed, and cannot be read. What was known of it is old. */
  | { readonly kind: "unreadable"; readonly key: ObjectKey; readonly why: string }
  /**
   * What was told is all there is. Comes first after the first list, and again after every later one, whose difference
   * to what was known comes right before it, in the same turn of the event loop.
   */
  | { readonly kind: "synced"; readonly objects: number }
  /** The server was heard: the watch is open again, or the server said, as it does about once a minute, that all was told. */
  | { readonly kind: "heard" }
  /** Something is in the way. The watch goes on trying. */
  | ({ readonly kind: "problem" } & WatchProblem);

/** `namespace/name`, or `name` for an object of the cluster. */
export type ObjectKey = string;

export interface WatchProblem {
  readonly code: WatchProblemCode;
  /** For people: names what was asked and what came of it. */
  readonly message: string;
  /** Until the next try. */
  readonly retryInMs: number;
}

/**
 * - `unreachable`: no connection, or it broke.
 * - `silent`: the connection is there and nothing comes.
 * - `denied`: the server wants other credentials or rights (401, 403), or there are none.
 * - `missing`: the server does not know the resource.
 * - `busy`: the server is overloaded, or has an error of its own.
 * - `expired`: too much happened while the watch was away; it lists anew.
 * - `rewound`: the server has an older state than it had, as after a restored backup; it lists anew.
 * - `refused`: the server does not take the request.
 * - `garbled`: what came is not what an API server sends.
 */
export type WatchProblemCode =
  | "unreachable"
  | "silent"
  | "denied"
  | "missing"
  | "busy"
  | "expired"
  | "rewound"
  | "refused"
  | "garbled";
