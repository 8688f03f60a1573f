import type { Clock } from "@podwall/kube";

/** Before something is told of again that goes on. */
const tellAgainMs = 30_000;

/** What happens again and again, so that it is told of at first and then now and then. */
export class Repeats {
  readonly #clock: Pick<Clock, "now">;
  #what: string | undefined;
  #toldAt = 0;
  #untold = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** How often it happened since it was told of last, this time included; undefined where it is not to be told of now. */
  tell(what: string): number | undefined {
    const now = this.#clock.now();
    this.#untold = what === this.#what ? this.#untold + 1 : 1;
    if (what === this.#what && now - this.#toldAt < tellAgainMs) return undefined;
    const times = this.#untold;
    [this.#what, this.#toldAt, this.#untold] = [what, now, 0];
    return times;
  }

  /** It is over: the next time is told of at once. */
  reset(): void {
    this.#what = undefined;
  }
}
