import type { Direction } from "../../../model/network-policy.ts";
import type { OtherPolicy } from "../../../model/other-object.ts";
import type { Pod } from "../../../model/pod.ts";
import type { StateEnd } from "./state-end.ts";
import type { Asks } from "./table-ways.ts";

/** A pod as each state has it. */
export type PairEnd = readonly (Pod | undefined)[];

/** A pod that is looked up once, and asked about with many others. */
export interface KnownEnd {
  /** By state; undefined where it is not there. */
  readonly states: readonly (StateEnd | undefined)[];
  /** In the first state that has it. */
  readonly pod: Pod;
  /** Its namespace, where only the name is known in some state. */
  readonly onlyNamed: string | undefined;
  /** Whether some state does not know its address. */
  readonly hasNoAddress: boolean;
  readonly profile: EndProfile;
}

/** What of an end is not known, and what its rules ask about others that may not be known. */
export interface EndProfile {
  readonly isOnlyNamed: boolean;
  readonly hasNoAddress: boolean;
  readonly egress: SideProfile;
  readonly ingress: SideProfile;
}

interface SideProfile extends Asks {
  /** What policies of other kinds that may select it may do. */
  readonly others: "nothing" | "close" | "close-or-open";
}

/** `subjectsAsk` as the ways have it. */
export function knownEnd(states: KnownEnd["states"], subjectsAsk: boolean): KnownEnd {
  const own = states.filter((state) => state !== undefined);
  const [first] = own;
  if (first === undefined) throw new Error("a pod is in some state");
  const isOnlyNamed = own.some((state) => state.isOnlyNamed);
  const hasNoAddress = own.some((state) => state.hasNoAddress);
  const sideOf = (direction: Direction): SideProfile => ({
    // Which rules a pod has may depend on the labels of its namespace.
    labels: subjectsAsk || own.some(({ tables }) => tables[direction].some(({ asks }) => asks.labels)),
    addresses: subjectsAsk || own.some(({ tables }) => tables[direction].some(({ asks }) => asks.addresses)),
    others: mayDo(own.flatMap(({ others }) => others[direction])),
  });
  return {
    states,
    pod: first.pod,
    onlyNamed: isOnlyNamed ? first.pod.namespace : undefined,
    hasNoAddress,
    profile: { isOnlyNamed, hasNoAddress, egress: sideOf("egress"), ingress: sideOf("ingress") },
  };
}

function mayDo(others: readonly OtherPolicy[]): SideProfile["others"] {
  if (others.length === 0) return "nothing";
  return others.some(mayOpen) ? "close-or-open" : "close";
}

/** Whether a policy of another kind may allow what others deny. */
export function mayOpen({ effect }: OtherPolicy): boolean {
  return effect !== "denies";
}

export function hasOthers({ profile }: KnownEnd, direction: Direction): boolean {
  return profile[direction].others !== "nothing";
}

/** Those of all states. */
export function othersOf({ states }: KnownEnd, direction: Direction): readonly OtherPolicy[] {
  return states.flatMap((state) => state?.others[direction] ?? []);
}
