/** A connection that was tried, beside what was predicted of it. */
export interface Tried {
  readonly predicted: "allowed" | "denied";
  /** The words of the last rounds, oldest first. */
  readonly seen: readonly string[];
}

/**
 * `agrees`; `disagrees`; `unknown`: nothing was seen, or it was reached by nobody knows what: where a pod refuses a connection that
 * is allowed, nobody listens or the network plugin refuses for it.
 */
export type ProbeOutcome = "agrees" | "disagrees" | "unknown";

/** So many rounds, one after another, must agree. */
const agreeing = 2;

export function probeOutcome({ predicted, seen }: Tried): ProbeOutcome {
  const last = seen.slice(-agreeing);
  if (last.length < agreeing || last.includes("UNKNOWN")) return "unknown";
  if (predicted === "denied") return last.includes("open") ? "disagrees" : "agrees";
  if (last.every((word) => word === "open")) return "agrees";
  return last.includes("REFUSED") ? "unknown" : "disagrees";
}
