import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { OtherPolicy } from "../../../model/other-object.ts";
import { mayOpen } from "./known-end.ts";
import type { Outcome } from "./outcome.ts";
import type { Side } from "./pair.ts";

/** What policies of other kinds may do to a side. */
type Override = "as-given" | "closed" | "open";
export const overrideKinds: readonly Override[] = ["as-given", "closed", "open"];

/** For each state. */
export type Overrides = readonly Override[];

/** As it may be where policies of other kinds close or open a side, in the states that have them. */
export function overridden(given: Outcome, { subject, direction, isThere }: Side, overrides: Overrides): Outcome {
  return given.map((number, index) => {
    const override = overrides[index];
    const own = subject.states[index]?.others[direction] ?? [];
    if (override === "closed" && own.length > 0) return ConnectionPool.none;
    return override === "open" && isThere(index) && own.some(mayOpen) ? ConnectionPool.all : number;
  });
}

/** One text for a policy that says the same. */
export function otherKey({ apiVersion, kind, namespace = "", name, range }: OtherPolicy): string {
  return `${apiVersion} ${kind} ${namespace}/${name} ${range?.file.text.slice(range.start, range.end) ?? ""}`;
}
