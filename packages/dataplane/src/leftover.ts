import type { Transition } from "./ruleset/transition.ts";

/** So much text of what was left behind is taken away at once: a change that comes meanwhile waits for it. */
const pieceLength = 8_192;

interface Batch {
  readonly commands: readonly string[];
  readonly settles: readonly string[];
  readonly notBeforeMs: number;
}

/** Commands that are to run together. */
export interface Piece {
  readonly commands: readonly string[];
  readonly notBeforeMs: number;
}

/**
 * Commands that take away, and write underneath, what switches left behind: in the order of the switches, each once no packet can
 * meet what it takes away. Never changes.
 */
export class Leftover {
  static readonly nothing = new Leftover([]);
  readonly #batches: readonly Batch[];

  private constructor(batches: readonly Batch[]) {
    this.#batches = batches;
  }

  /** What is not settled before all of it was done. */
  get pending(): ReadonlySet<string> {
    return new Set(this.#batches.flatMap(({ settles }) => settles));
  }

  /** With what a transition leaves behind as well, from a time on. */
  with({ retire, settles }: Pick<Transition, "retire" | "settles">, notBeforeMs: number): Leftover {
    if (retire.length === 0) return this;
    return new Leftover([...this.#batches, { commands: retire, settles, notBeforeMs }]);
  }

  /** The first of it, at least one command; undefined where there is none. */
  next(): Piece | undefined {
    const [batch] = this.#batches;
    if (batch === undefined) return undefined;
    const { commands, notBeforeMs } = batch;
    let length = 0;
    const beyond = commands.findIndex((command, index) => (length += command.length) > pieceLength && index > 0);
    return { commands: beyond < 0 ? commands : commands.slice(0, beyond), notBeforeMs };
  }

  /** What is left once its first piece, which that was when it was asked for, was done. */
  without({ commands: done }: Piece): Leftover {
    const [batch, ...others] = this.#batches;
    if (batch === undefined) return this;
    const commands = batch.commands.slice(done.length);
    const left = commands.length === 0 ? others : [{ ...batch, commands }, ...others];
    return left.length === 0 ? Leftover.nothing : new Leftover(left);
  }
}
