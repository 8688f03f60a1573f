import { readFileSync } from "node:fs";
import type { Limits, MeasuredRun } from "../measure/measured-run.ts";
import { measuredRun } from "../measure/measured-run.ts";
import { spreadOf } from "../measure/spread.ts";
import type { Peer, PeerInput } from "../peers/peer.ts";
import type { CheckedMap } from "./map-results.ts";
import type { PeerRow } from "./map-row.ts";

/** What takes longer than this is measured once: a second look would say nothing new. */
const onceMs = 10_000;

/** One peer's rounds on one input. */
export class PeerRace {
  readonly #peer: Peer;
  readonly #program: string;
  readonly #command: readonly [string, ...string[]];
  readonly #limits: Limits;
  readonly #runs: MeasuredRun[] = [];
  #pairs: number | undefined;
  #failure: string | undefined;

  constructor(peer: Peer, program: string, input: PeerInput, limits: Limits) {
    this.#peer = peer;
    this.#program = program;
    this.#command = [program, ...peer.prepare(input)];
    this.#limits = limits;
  }

  get name(): string {
    return this.#peer.name;
  }

  /** Whether another round would say anything new. */
  get isOver(): boolean {
    return this.#failure !== undefined || this.#runs.some(({ wallMs }) => wallMs > onceMs);
  }

  /** Starts it without work, so that its program is in memory when it is measured. */
  async warmUp(): Promise<void> {
    await measuredRun([this.#program, "--help"], this.#limits, () => undefined);
  }

  /** Runs it once; how it ends badly is a result as well. */
  async round(): Promise<void> {
    const run = await measuredRun(this.#command, this.#limits, (measured, { stdout, stderr }) => {
      const { ended } = measured;
      if (ended.kind === "stopped") this.#failure = ended.reason;
      else if (ended.code !== 0) this.#failure = `exit code ${ended.code}: ${lastLine(readFileSync(stderr, "utf8"))}`;
      else this.#pairs ??= this.#peer.countPairs(readFileSync(stdout, "utf8"));
      return measured;
    });
    this.#runs.push(run);
  }

  row(checked: CheckedMap): PeerRow {
    const spread = (figure: (run: MeasuredRun) => number) => spreadOf(this.#runs.map(figure));
    const { name, version, question, podwallPairs } = this.#peer;
    return {
      name,
      version,
      question,
      rounds: this.#runs.length,
      wallMs: spread(({ wallMs }) => wallMs),
      cpuMs: spread(({ cpuMs }) => cpuMs),
      peakBytes: spread(({ peakBytes }) => peakBytes),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      ...(this.#pairs === undefined ? {} : { pairs: { peer: this.#pairs, podwall: podwallPairs(checked) } }),
    };
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
