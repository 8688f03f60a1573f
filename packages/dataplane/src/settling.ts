import { setTimeout as delay } from "node:timers/promises";
import { Leftover } from "./leftover.ts";
import type { Nft } from "./nft/nft.ts";
import type { Transition } from "./ruleset/transition.ts";
import { send } from "./send.ts";

/**
 * How long after a switch a packet may still run through the rules before it. A packet takes microseconds; this leaves
 * room for a virtual processor that is not scheduled.
 */
const settleMs = 20;
/** So often taking away what was left behind makes way for changes before a change waits for it. */
const mostPostponed = 3;

export interface SettlingOptions {
  readonly nft: Pick<Nft, "run">;
  /** Has something done once all that was asked for before is done, and before anything else is. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** It is not known any more what the kernel has. */
  readonly onLost: () => void;
}

/** Waits for packets that run through rules of before, and takes away what switches left behind when it may. */
export class Settling {
  readonly #options: SettlingOptions;
  /** What the switches so far left behind. */
  #leftover = Leftover.nothing;
  /** When no packet runs through the rules before the last switch any more. */
  #restsAtMs = 0;
  /** Until when what was left behind makes way for a change that was prepared: it would wait, and what was worked out be of no use. */
  #expectedUntilMs = 0;

  constructor(options: SettlingOptions) {
    this.#options = options;
  }

  /** The same while it stays as it is. */
  get leftover(): Leftover {
    return this.#leftover;
  }

  /** Rules were replaced just now. */
  switched(): void {
    this.#restsAtMs = performance.now() + settleMs;
  }

  /** A change is to come soon. */
  expectChange(): void {
    this.#expectedUntilMs = performance.now() + settleMs;
  }

  /** It came. */
  changeCame(): void {
    this.#expectedUntilMs = 0;
  }

  /**
   * Waits until no packet runs through the rules before the last switch. The kernel tells generations of rules apart by a
   * single bit: after two transactions such a packet would go on by the newest rules, and could even be approved by them.
   */
  async rest(notBeforeMs = 0): Promise<void> {
    const waitMs = Math.max(this.#restsAtMs, notBeforeMs) - performance.now();
    if (waitMs > 0) await delay(waitMs);
  }

  /** Has what a transition leaves behind taken away once no packet can meet it. */
  leave(what: Pick<Transition, "retire" | "settles">): void {
    this.#leftover = this.#leftover.with(what, performance.now() + settleMs);
    if (this.#leftover === Leftover.nothing) return;
    // The queue is free until then, and after each piece.
    setTimeout(() => void this.settled().catch(() => undefined), settleMs).unref();
  }

  /** Resolves when nothing that was left behind is in the kernel. */
  async settled(): Promise<void> {
    // A change need not wait for more than a piece, nor for the time of one to come; but where changes follow each other without
    // an end, one of them does.
    for (let postponed = 0, isMore = true; isMore; ) {
      const waitMs = this.#retiresInMs();
      if (waitMs > 0 && postponed < mostPostponed) {
        postponed += 1;
        await delay(Math.ceil(waitMs));
      }
      isMore = await this.#options.inTurn(async () => {
        if (postponed < mostPostponed && this.#retiresInMs() > 0) return true;
        postponed = 0;
        return this.retire();
      });
    }
  }

  /** Takes away a piece of what was left behind. Says whether there is more. */
  async retire(): Promise<boolean> {
    const piece = this.#leftover.next();
    if (piece === undefined) return false;
    await this.rest(piece.notBeforeMs);
    try {
      await send(this.#options.nft, piece.commands);
    } catch (error) {
      this.#options.onLost();
      throw error;
    }
    // More may have been left meanwhile.
    this.#leftover = this.#leftover.without(piece);
    return this.#leftover !== Leftover.nothing;
  }

  /** All is built anew: what was left behind goes with all else that is not of that. */
  forget(): void {
    this.#leftover = Leftover.nothing;
  }

  /** How long it is until the next piece of what was left behind may be taken away; 0 where there is none. */
  #retiresInMs(): number {
    const piece = this.#leftover.next();
    if (piece === undefined) return 0;
    // Not where changes follow each other so fast that one has to wait for all of it in the end.
    const expectedUntilMs = this.#leftover.pending.size > 1 ? 0 : this.#expectedUntilMs;
    return Math.max(this.#restsAtMs, piece.notBeforeMs, expectedUntilMs) - performance.now();
  }
}
