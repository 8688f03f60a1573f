import type { DenyWith, Judgement } from "./judgement.ts";
import { switchTo } from "./judge-chains.ts";
import type { KernelState } from "./kernel-state.ts";
import type { MarkBits } from "./mark.ts";

/**
 * How the kernel gets from one state to the next: make before break. `build` adds objects and elements that no packet can
 * meet yet and may take any number of transactions; `podSwitch` and `switch` are one transaction that
 * replaces rules, and with them what every packet meets; `retire` takes away what nothing reads any more.
 */
export interface Transition {
  /** Whether the switch replaces rules, if only those of the epoch: packets may run through the ones before for a while. */
  readonly replacesRules: boolean;
  readonly build: readonly string[];
  /** Whether all of `build` must be done before the switch begins; else it may be part of the switch's transaction. */
  readonly buildsFirst: boolean;
  /** Has other rule sets judge local pods. */
  readonly podSwitch: readonly string[];
  readonly switch: readonly string[];
  readonly retire: readonly string[];
  /** What of `next.unsettled` is settled once all of `retire` was done. */
  readonly settles: readonly string[];
  readonly next: KernelState;
}

export interface RulesetOptions {
  readonly mark: MarkBits;
  readonly denyWith: DenyWith;
  /** A rule set keeps identities by interval where that spares so many elements. */
  readonly sparing: number;
}

/** The transaction that stops approving and marking, while marks are cleared. */
export function unmarkedSwitch(state: KernelState, options: RulesetOptions): readonly string[] {
  return switchTo({ ...judgementOf(state, options), epoch: undefined });
}

/** The transaction that puts a state's rules in force (again), after those of another state where that is in force. */
export function markedSwitch(state: KernelState, options: RulesetOptions, before?: KernelState): readonly string[] {
  return switchTo(judgementOf(state, options), before && judgementOf(before, options));
}

function judgementOf(state: KernelState, options: RulesetOptions): Judgement {
  const { podInterfacePrefix, localRanges } = state.plan;
  return {
    ...options,
    epoch: state.epoch,
    localRanges,
    sets: state.sets,
    ...(podInterfacePrefix === undefined ? {} : { podInterfacePrefix }),
  };
}
