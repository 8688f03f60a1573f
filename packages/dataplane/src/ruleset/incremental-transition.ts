import type { NodePlan } from "@podwall/engine";
import { families } from "./address-family.ts";
import { inPlaceTransition } from "./in-place-transition.ts";
import type { KernelState } from "./kernel-state.ts";
import { maxEpoch } from "./mark.ts";
import { type NodeChange, nodeChange } from "./node-change.ts";
import { switchedTransition } from "./switched-transition.ts";
import type { RulesetOptions, Transition } from "./transition.ts";

/** What the kernel has, and what is still to be done to it. */
export interface Standing {
  readonly state: KernelState;
  /** What of `state.unsettled` is not settled yet. */
  readonly pending: ReadonlySet<string>;
}

const nothingToDo: Omit<Transition, "next"> = {
  replacesRules: false,
  build: [],
  buildsFirst: false,
  podSwitch: [],
  switch: [],
  retire: [],
  settles: [],
};

/** Builds only what differs from the state. Nothing to switch means that the kernel has it all. */
export function incrementalTransition(
  { state, pending }: Standing,
  plan: NodePlan,
  epoch: number,
  options: RulesetOptions,
): Transition {
  const change = nodeChange(state, plan, options);
  if (epoch === state.epoch && isNothing(change)) {
    return { ...nothingToDo, next: { ...state, plan } };
  }
  const standing = { state, plan, epoch, pending, generation: state.generation + 1 };
  // Where epochs run out, marks are cleared between two switches of all rules.
  const inPlace = epoch <= maxEpoch(options.mark) ? inPlaceTransition(standing, change, options) : undefined;
  return inPlace ?? switchedTransition(standing, change, options);
}

function isNothing({ creates, fills, families: changes, hasSameLinks }: NodeChange): boolean {
  return (
    hasSameLinks &&
    creates.length + fills.length === 0 &&
    families.every((family) => {
      const { pods, hasSameAtoms, dispatch } = changes[family];
      return pods.length === 0 && hasSameAtoms && dispatch === undefined;
    })
  );
}
