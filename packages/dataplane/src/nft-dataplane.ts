import type { NodePlan } from "@podwall/engine";
import type { ApplyReport, Dataplane, DeniedFlow, Inspection, InspectionDepth } from "./dataplane.ts";
import { type KnownRules, differentElements, differentNames, differentRules } from "./drift/differences.ts";
import { readFlows } from "./flows.ts";
import type { Leftover } from "./leftover.ts";
import type { Nft } from "./nft/nft.ts";
import type { DenyWith } from "./ruleset/judgement.ts";
import type { KernelState } from "./ruleset/kernel-state.ts";
import { type MarkBits, defaultMarkBits, maxEpoch } from "./ruleset/mark.ts";
import { shrinks } from "./ruleset/shrinks.ts";
import { fullTransition } from "./ruleset/full-transition.ts";
import { comesBack } from "./ruleset/in-place-transition.ts";
import { incrementalTransition } from "./ruleset/incremental-transition.ts";
import { defaultSparing } from "./ruleset/spans.ts";
import { type RulesetOptions, type Transition, markedSwitch, unmarkedSwitch } from "./ruleset/transition.ts";
import { send } from "./send.ts";
import { Settling } from "./settling.ts";
import { hasStore, highestNumber, readStore, store } from "./stored-state.ts";

export interface NftDataplaneOptions {
  readonly nft: Nft;
  /** Clears podwall's bits in the mark of every tracked connection, and makes sure that they are. */
  readonly clearMarks: (mark: MarkBits) => Promise<void>;
  readonly mark?: MarkBits;
  /** "drop" unless said otherwise. */
  readonly denyWith?: DenyWith;
  /** A rule set keeps identities by interval where that spares so many elements; 64 unless said otherwise. */
  readonly sparing?: number;
}

/** So often a look that a change came in between is taken once more, before changes have to wait for it. */
const mostFreeLooks = 3;

/** A switch needs no transaction before it for so much text. */
const smallBuildLength = 16_384;
/** A packet looks every address up in as many maps more. */
const mostPending = 3;

/** A transition, and all that it was made of. */
interface Way {
  readonly state: KernelState;
  readonly plan: NodePlan;
  readonly leftover: Leftover;
  readonly transition: Transition;
}

/** The dataplane of one node, in nftables. Calls are queued: one change at a time. */
export class NftDataplane implements Dataplane {
  readonly #nft: Nft;
  readonly #clearMarks: (mark: MarkBits) => Promise<void>;
  readonly #options: RulesetOptions;
  /** Undefined before the first `apply`, and after one that failed: what the kernel has is not known then. */
  #state: KernelState | undefined;
  /** The last state that was in force for certain. */
  #last: KernelState | undefined;
  /** The rules of a generation as an inspection found them. */
  #known: { readonly generation: number; readonly rules: KnownRules } | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #settling: Settling;
  /** Worked out ahead. */
  #prepared: Way | undefined;

  constructor({
    nft,
    clearMarks,
    mark = defaultMarkBits,
    denyWith = "drop",
    sparing = defaultSparing,
  }: NftDataplaneOptions) {
    this.#nft = nft;
    this.#clearMarks = clearMarks;
    this.#options = { mark, denyWith, sparing };
    this.#settling = new Settling({
      nft,
      inTurn: (work) => this.#enqueue(work),
      onLost: () => this.#forget(),
    });
  }

  apply(plan: NodePlan): Promise<ApplyReport> {
    return this.#enqueue(async () => {
      const state = this.#state;
      if (state === undefined) return this.#applyFull(plan);
      try {
        return await this.#applyChange(state, plan);
      } catch {
        // What the kernel has is not known now, so build it all anew; if the kernel refuses that too, say so.
        return this.#applyFull(plan);
      }
    });
  }

  prepare(plan: NodePlan): void {
    const state = this.#state;
    if (state === undefined || this.#mustRetireFirst(state, plan)) return;
    this.#prepared = this.#way(state, plan);
    this.#settling.expectChange();
  }

  async inspect(depth: InspectionDepth = "rules"): Promise<Inspection> {
    if (await this.#looksIntact(depth)) return { kind: "intact" };
    return this.#enqueue(async () => {
      const last = this.#last;
      if (last === undefined) return { kind: "nothing" };
      while (await this.#settling.retire().catch(() => false));
      const differences = await this.#differences(depth);
      if (differences.length === 0) return { kind: "intact" };
      return { kind: "repaired", differences, report: await this.#applyFull(last.plan, last) };
    });
  }

  /** Beside changes: where a pod scans it takes ten seconds, and the sets that are read stay what they are. */
  flows(): Promise<readonly DeniedFlow[]> {
    return readFlows(this.#nft);
  }

  remove(): Promise<void> {
    return this.#enqueue(async () => {
      this.#forget();
      this.#last = undefined;
      if ((await this.#nft.objects()) !== undefined) await this.#nft.run(["delete table inet podwall"]);
    });
  }

  /** Resolves when everything asked for is done and nothing that was left behind is in the kernel. */
  settled(): Promise<void> {
    return this.#settling.settled();
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /**
   * Whether a look that changes need not wait for finds nothing amiss. Where a change comes in between it may find what was right
   * before, or is now: only a look while nothing changes says that something is wrong.
   */
  async #looksIntact(depth: InspectionDepth): Promise<boolean> {
    for (let looks = 0; looks < mostFreeLooks; looks++) {
      if (depth !== "presence") await this.settled().catch(() => undefined);
      const state = this.#state;
      if (state === undefined) return false;
      const differences = await this.#differences(depth);
      if (differences.length === 0) return true;
      if (state === this.#state) return false;
    }
    return false;
  }

  async #differences(depth: InspectionDepth): Promise<readonly string[]> {
    const state = this.#state;
    if (state === undefined) return ["a change failed, and what the table holds is not known"];
    if (depth === "presence" && (await hasStore(this.#nft))) return [];
    const names = await differentNames(this.#nft, state);
    if (depth === "presence" || depth === "names" || names.length > 0) return names;
    const known = this.#known?.generation === state.generation ? this.#known.rules : undefined;
    const { different, found } = await differentRules(this.#nft, state, this.#options, known);
    if (different.length > 0) return different;
    this.#known = { generation: state.generation, rules: found };
    return depth === "rules" ? [] : differentElements(this.#nft, state);
  }

  /** Builds everything anew, going on from what is known of the kernel, or else from what the table says of itself. */
  async #applyFull(plan: NodePlan, known?: KernelState): Promise<ApplyReport> {
    this.#forget();
    const present = (await this.#nft.objects()) ?? { chains: [], sets: [] };
    const stored = [known, await readStore(this.#nft, present)].filter((state) => state !== undefined);
    // Without a state to go on from, marks may be of an earlier table and mean nothing now.
    const epoch = Math.max(0, ...stored.map((state) => state.epoch));
    const first = Math.max(highestNumber(present), ...stored.map(({ generation }) => generation)) + 1;
    const numbers = { generation: first, nextId: 1, nextChain: first };
    const transition = fullTransition(plan, epoch + 1, numbers, present, this.#options);
    return this.#carryOut(transition, "full", { wipe: stored.length === 0 });
  }

  async #applyChange(state: KernelState, plan: NodePlan): Promise<ApplyReport> {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    this.#settling.changeCame();
    const isPrepared =
      prepared?.state === state && prepared.plan === plan && prepared.leftover === this.#settling.leftover;
    while (!isPrepared && this.#mustRetireFirst(state, plan) && (await this.#settling.retire()));
    const { transition } = isPrepared ? prepared : this.#way(state, plan);
    const { epoch } = transition.next;
    if (transition.podSwitch.length + transition.switch.length === 0) {
      this.#state = this.#last = transition.next;
      return { generation: state.generation, mode: "unchanged", epoch, commands: 0 };
    }
    return this.#carryOut(transition, "incremental", { wipe: false });
  }

  /** Whether something that was left behind must be taken away before a change can be worked out. */
  #mustRetireFirst(state: KernelState, plan: NodePlan): boolean {
    const { pending } = this.#settling.leftover;
    return pending.size > mostPending || comesBack(state, plan, pending);
  }

  /** What leads from a state to a plan, as things are. */
  #way(state: KernelState, plan: NodePlan): Way {
    const { leftover } = this.#settling;
    const epoch = shrinks(state.plan, plan) ? state.epoch + 1 : state.epoch;
    const standing = { state, pending: leftover.pending };
    return { state, plan, leftover, transition: incrementalTransition(standing, plan, epoch, this.#options) };
  }

  async #carryOut(
    transition: Transition,
    mode: "full" | "incremental",
    { wipe }: { readonly wipe: boolean },
  ): Promise<ApplyReport> {
    const { build } = transition;
    await this.#settling.rest();
    const isUnmarked = wipe || transition.next.epoch > maxEpoch(this.#options.mark);
    const isApart = isUnmarked || transition.buildsFirst || textLength(build) > smallBuildLength;
    if (isApart) await send(this.#nft, build);
    const { next, changeover } = await this.#enter(transition, { isUnmarked, before: isApart ? [] : build });
    this.#state = this.#last = next;
    this.#settling.leave(transition);
    const commands = build.length + changeover + transition.retire.length;
    return { generation: next.generation, mode, epoch: next.epoch, commands };
  }

  /** The switch itself; by way of unmarked rules when epochs run out or marks are not known. */
  async #enter(
    transition: Transition,
    { isUnmarked, before }: { readonly isUnmarked: boolean; readonly before: readonly string[] },
  ): Promise<{ readonly next: KernelState; readonly changeover: number }> {
    const { podSwitch } = transition;
    let { next } = transition;
    let changeover: readonly string[] = [...podSwitch, ...transition.switch];
    if (isUnmarked) {
      next = { ...next, epoch: 1 };
      await this.#switchRules([...podSwitch, ...unmarkedSwitch(next, this.#options)]);
      await this.#settling.rest();
      await this.#clearMarks(this.#options.mark);
      changeover = markedSwitch(next, this.#options);
    }
    const commands = [...before, ...changeover, ...store(next)];
    await (transition.replacesRules ? this.#switchRules(commands) : this.#nft.run(commands));
    return { next, changeover: changeover.length };
  }

  async #switchRules(commands: readonly string[]): Promise<void> {
    try {
      await this.#nft.run(commands);
    } finally {
      // Also where it failed: it may be in force, and only its answer be lost.
      this.#settling.switched();
    }
  }

  #forget(): void {
    this.#state = undefined;
    this.#known = undefined;
    this.#settling.forget();
    this.#prepared = undefined;
  }
}

function textLength(commands: readonly string[]): number {
  return commands.reduce((length, command) => length + command.length, 0);
}
