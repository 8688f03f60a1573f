import type { Cluster, Diagnostic } from "@podwall/engine";
import { labResultJson } from "../output/json.ts";
import { Progress } from "../output/progress.ts";
import type { ShownResult } from "../output/shown-result.ts";
import { renderMismatches, renderPrediction, summary } from "../output/text.ts";
import type { Scene } from "../place/scene.ts";
import type { CellResult } from "../probe/result.ts";
import type { LabContext, Output, RunLabOptions } from "./lab-context.ts";

/** Where text has no colours, because a program reads it. */
const forPrograms: Output = { write: () => undefined };

/** Says what happens in a lab: results on standard output, everything else on standard error. */
export class Reporter {
  readonly progress: Progress;
  readonly #context: LabContext;
  readonly #format: RunLabOptions["format"];

  constructor(context: LabContext, format: RunLabOptions["format"]) {
    this.#context = context;
    this.#format = format;
    this.progress = new Progress(context.process.stderr);
  }

  diagnostics(diagnostics: readonly Diagnostic[]): void {
    const { stderr } = this.#context.process;
    for (const diagnostic of diagnostics) this.say(this.#context.diagnosticText(diagnostic, stderr));
  }

  say(line: string): void {
    this.progress.clear();
    this.#context.process.stderr.write(`${line}\n`);
  }

  /** Being told to end; on a terminal over the `^C` and what is left of progress. */
  interrupted(): void {
    this.progress.show("");
    this.say("the lab has ended; nothing of it is left");
  }

  notes(notes: readonly string[]): void {
    for (const note of notes) this.say(`note: ${this.#context.printable(note)}`);
  }

  /** For work that tells how much more of it is done. */
  counted(what: string, of: number): (more: number) => void {
    let done = 0;
    return (more) => {
      // What is tried a second time is not counted as more.
      done = Math.min(done + more, of);
      this.progress.show(`${what}: ${done} of ${of}`);
    };
  }

  /** All of a round of probes. */
  round({ cluster }: Scene, results: readonly CellResult[], notes: readonly string[]): void {
    this.progress.clear();
    const { stdout } = this.#context.process;
    if (this.#format === "json") {
      stdout.write(this.#json(cluster, results, notes));
      return;
    }
    const style = this.#context.styleFor(stdout);
    stdout.write(`${renderPrediction(results, style)}\n`);
    this.mismatches(cluster, results);
    stdout.write(`${summary(results, podsOf(cluster), style)}\n`);
  }

  mismatches(cluster: Cluster, results: readonly CellResult[]): void {
    const { stdout } = this.#context.process;
    const style = this.#context.styleFor(stdout);
    stdout.write(renderMismatches(results, style, (verdict) => this.#context.verdictText(cluster, verdict, stdout)));
  }

  /** What is another than before, and how it all stands. */
  change({ cluster }: Scene, changed: readonly CellResult[], results: readonly CellResult[]): void {
    this.progress.clear();
    const { stdout } = this.#context.process;
    const style = this.#context.styleFor(stdout);
    const lines = changed.map(({ cell, verdict }) => {
      const word = verdict.allowed ? style.good("allowed") : style.bad("denied");
      return `  ${cell.from} -> ${cell.to} ${cell.port}/${cell.protocol} (IPv${cell.address.family}): now ${word}`;
    });
    stdout.write(`${lines.length === 0 ? "  no connection changed" : lines.join("\n")}\n`);
    this.mismatches(cluster, results);
    stdout.write(`${summary(results, podsOf(cluster), style)}\n`);
  }

  /** What would happen, where nothing can be sent. */
  prediction({ cluster }: Scene, predicted: readonly ShownResult[], notes: readonly string[]): void {
    const { stdout } = this.#context.process;
    if (this.#format === "json") {
      stdout.write(this.#json(cluster, predicted, ["prediction only: nothing was sent", ...notes]));
      return;
    }
    const allowed = predicted.filter(({ verdict }) => verdict.allowed).length;
    const denied = predicted.length - allowed;
    stdout.write("PREDICTION ONLY: no packets were sent\n\n");
    stdout.write(`${renderPrediction(predicted, this.#context.styleFor(stdout))}\n`);
    stdout.write(
      `${podsOf(cluster)} pods, ${predicted.length} connections predicted: ${allowed} allowed, ${denied} denied, none observed\n`,
    );
  }

  #json(cluster: Cluster, results: readonly ShownResult[], notes: readonly string[]): string {
    const explain = (verdict: CellResult["verdict"]): string =>
      this.#context.verdictText(cluster, verdict, forPrograms);
    return labResultJson({ cluster, results, notes, explain });
  }
}

/** How many pods run. */
function podsOf({ pods }: Cluster): number {
  return pods.filter(({ completed, addresses }) => !completed && addresses.length > 0).length;
}
