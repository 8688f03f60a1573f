/** Upper bounds of the histogram of event to kernel, in seconds. */
const bounds = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30] as const;

/** What the agent counts. */
export class AgentMetrics {
  applies = { full: 0, incremental: 0, unchanged: 0 };
  failures = 0;
  drifts = 0;
  lastApplySeconds: number | undefined;
  #latencies = bounds.map(() => 0);
  #latencySum = 0;
  #latencyCount = 0;

  /** From the first event of a change to when the kernel judges by it. */
  observeLatency(seconds: number): void {
    this.#latencySum += seconds;
    this.#latencyCount += 1;
    this.#latencies = this.#latencies.map((count, index) => (seconds <= (bounds[index] as number) ? count + 1 : count));
  }

  lines(): string[] {
    const { applies, failures, drifts, lastApplySeconds } = this;
    return [
      ...family(
        "podwall_applies_total",
        "counter",
        "Changes put into the kernel, by how.",
        Object.entries(applies).map(([mode, count]): Sample => [{ mode }, count]),
      ),
      ...family("podwall_apply_failures_total", "counter", "Changes that could not be put into the kernel.", [
        [{}, failures],
      ]),
      ...family(
        "podwall_drift_repairs_total",
        "counter",
        "Times that something else had changed the table and it was built anew.",
        [[{}, drifts]],
      ),
      ...(lastApplySeconds === undefined
        ? []
        : family("podwall_last_apply_seconds", "gauge", "How long the last change took to compile and put in force.", [
            [{}, lastApplySeconds],
          ])),
      ...this.#histogram(),
    ];
  }

  #histogram(): string[] {
    const name = "podwall_event_to_kernel_seconds";
    const buckets = bounds.map((bound, index): Sample => [{ le: String(bound) }, this.#latencies[index] as number]);
    return [
      ...family(name, "histogram", "From the first event of a change to when the kernel judges by it.", []),
      ...[...buckets, [{ le: "+Inf" }, this.#latencyCount] as Sample].map((sample) => line(`${name}_bucket`, sample)),
      line(`${name}_sum`, [{}, this.#latencySum]),
      line(`${name}_count`, [{}, this.#latencyCount]),
    ];
  }
}

export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric with its samples, in the text format of Prometheus. */
export function family(
  name: string,
  type: "counter" | "gauge" | "histogram",
  help: string,
  samples: readonly Sample[],
): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map((sample) => line(name, sample))];
}

function line(name: string, [labels, value]: Sample): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
