import { type Dataplane, type Nft, isInForce, watchDrift } from "@podwall/dataplane";
import { type Cidr, sameForSame } from "@podwall/engine";
import { type Clock, sleep } from "@podwall/kube";
import { errorText } from "../error-text.ts";
import type { Log } from "../log.ts";
import { podTexts } from "../pod-texts.ts";
import type { AgentMetrics } from "../serve/metrics.ts";
import type { Source } from "../source/source.ts";
import { type Applied, PolicyStates, podsByAddress } from "./agent-state.ts";
import { quarantineOf } from "./compile.ts";
import { type Planned, Planning, type PlanningOptions } from "./planning.ts";
import { PolicyLatencies } from "./policy-latencies.ts";
import { Repeats } from "../repeats.ts";
import { RetryDelay } from "./retry-delay.ts";
import { Reports } from "./reports.ts";
import { Wake } from "./wake.ts";

export interface NodeAgentOptions extends PlanningOptions {
  readonly source: Source;
  readonly dataplane: Dataplane;
  /** To see whether rules are in force at the start. */
  readonly nft: Pick<Nft, "rules">;
  /** The node's own pod ranges before the source is in sync, for the quarantine. */
  readonly rangesAtStart: () => Promise<readonly Cidr[]>;
  /** Between two looks at whether something else changed the table; as `watchDrift` has it where not given. */
  readonly driftEveryMs?: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: AgentMetrics;
}

/** A plan, how often the wake had been called when it was made, and how long that took. */
interface Ready {
  readonly planned: Planned;
  readonly calls: number;
  readonly tookMs: number;
}

/** How long to wait for more events after one. */
const coalesceMs = 15;
/** Before another look for where pods are, where that could not be learnt to close them. */
const learnAgainMs = 2_000;
/** So many differences of a changed table are listed in the log. */
const mostDifferencesShown = 5;
/** Before another look for the links of pods that have none yet: the first, and the longest where it goes on. */
const firstLookMs = 200;
const longestLookMs = 5_000;

/** Keeps a node's kernel at what its source says. */
export class NodeAgent {
  readonly #options: NodeAgentOptions;
  readonly #planning: Planning;
  readonly #wake = new Wake();
  readonly #retry = new RetryDelay();
  readonly #reports: Reports;
  readonly #policyStates = new PolicyStates();
  readonly #latencies = new PolicyLatencies();
  readonly #podsByAddress = sameForSame(podsByAddress);
  /** What was planned before it was to be put in force. */
  #ahead: Ready | undefined;
  #applied: Applied | undefined;
  #failing: string | undefined;
  /** Since when what is being put in force is known. */
  #applying: number | undefined;
  #lookMs = firstLookMs;
  #cancelLook = (): void => undefined;

  constructor(options: NodeAgentOptions) {
    this.#options = options;
    this.#planning = new Planning(options);
    this.#reports = new Reports(options.log);
  }

  /** What the kernel was told last; undefined before the first time. */
  get applied(): Applied | undefined {
    return this.#applied;
  }

  /** Why the last change is not in force; undefined where it is. */
  get failing(): string | undefined {
    return this.#failing;
  }

  /** Whether something is known that the kernel was not told yet. */
  get pending(): boolean {
    return this.pendingMs > 0;
  }

  /** For how long something is known that the kernel was not told yet, in milliseconds; 0 where there is no such thing. */
  get pendingMs(): number {
    const since = this.#applying ?? this.#wake.since;
    // At least something, however short.
    return since === undefined ? 0 : Math.max(1, this.#options.clock.now() - since);
  }

  /** What a person may have to see to, by what it is about. */
  get troubles(): ReadonlyMap<string, string> {
    return this.#reports.troubles;
  }

  /** Runs until the signal is aborted. What is in force then stays. */
  async run(signal: AbortSignal): Promise<void> {
    const { source, clock } = this.#options;
    const isClosed = await this.#closeFirst();
    const listener = {
      onChange: () => {
        this.#lookMs = firstLookMs;
        this.#wake.call(clock.now());
      },
      onTrouble: this.#reports.trouble,
    };
    const failing = new AbortController();
    const all = AbortSignal.any([signal, failing.signal]);
    try {
      await Promise.all([
        source.follow(listener, all),
        this.#applyChanges(all),
        this.#watchDrift(all),
        isClosed ? undefined : this.#closeLater(all),
      ]);
    } finally {
      failing.abort();
      this.#cancelLook();
    }
  }

  /** Where no rules are, as after a boot, nothing passes before it is known what may. Says whether that is so. */
  async #closeFirst(): Promise<boolean> {
    const { nft, log } = this.#options;
    if (await isInForce(nft)) {
      log("info", "keeping the rules that are in the kernel until all is known");
      return true;
    }
    if (await this.#quarantine(await this.#rangesToClose())) return true;
    log("error", "this node's pods are open until all is known: its pod ranges could not be learnt; name --pod-cidr");
    return false;
  }

  /** Closes pods as soon as it is known where they are, if that is before all is known. */
  async #closeLater(signal: AbortSignal): Promise<void> {
    const { source, clock, log } = this.#options;
    const failures = new Repeats(clock);
    for (;;) {
      await sleep(clock, learnAgainMs, signal);
      const ranges = await this.#rangesToClose();
      // What is known is put in force after this, and never before.
      if (signal.aborted || source.snapshot() !== undefined) return;
      try {
        if (await this.#quarantine(ranges)) return;
      } catch (error) {
        const because = errorText(error);
        const times = failures.tell(because);
        if (times !== undefined) log("error", "this node's pods cannot be closed", { because, times });
      }
    }
  }

  /** This node's, else all pods': while nothing is known nothing may pass between a pod of this node and any other either. */
  async #rangesToClose(): Promise<readonly Cidr[]> {
    const { rangesAtStart, clusterPodCidrs = [] } = this.#options;
    const own = await rangesAtStart();
    return own.length > 0 ? own : clusterPodCidrs;
  }

  /** Lets nothing pass from or to this node's pods. Says whether it is known where they are. */
  async #quarantine(ranges: readonly Cidr[]): Promise<boolean> {
    const { dataplane, links, node, log } = this.#options;
    if (ranges.length === 0 && links.podInterfacePrefix === undefined) return false;
    await dataplane.apply(quarantineOf(node, ranges, links.links));
    log("info", "no rules were in the kernel: this node's pods are closed until all is known");
    return true;
  }

  async #applyChanges(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    const failures = new Repeats(clock);
    while (!signal.aborted) {
      const isBusy = this.#wake.since !== undefined;
      await this.#wake.wait(signal);
      // What came while the change before was made has waited already.
      const wokeAt = this.#failing === undefined ? this.#wake.since : undefined;
      const dueAt = (wokeAt ?? clock.now()) + coalesceMs;
      if (!isBusy && clock.now() < dueAt) await this.#planAhead();
      await sleep(clock, Math.max(0, dueAt - clock.now()), signal);
      if (signal.aborted) return;
      if (this.#wake.isNew) this.#retry.reset();
      const began = clock.now();
      const since = this.#wake.take() ?? began;
      this.#applying = since;
      const because = await this.#apply(since);
      this.#applying = undefined;
      if (because === undefined) continue;
      this.#wake.putBack(since);
      const { restMs, retryMs } = this.#retry.next(clock.now() - began);
      // A stream of events that all fail alike is told of now and then.
      const times = failures.tell(because);
      if (times !== undefined) log("error", "the change is not in force", { because, times, retryInMs: retryMs });
      await sleep(clock, restMs, signal);
      await this.#wake.waitForNew(clock, retryMs - restMs, signal);
    }
  }

  /** Plans what is known so far: where nothing more comes until the change is to be made, all but that is done then. */
  async #planAhead(): Promise<void> {
    const { dataplane, clock } = this.#options;
    const began = clock.now();
    try {
      const ready = await this.#plan();
      if (ready === undefined) return;
      dataplane.prepare(ready.planned.plan);
      this.#ahead = { ...ready, tookMs: clock.now() - began };
    } catch {
      // It fails again, and is told of, when it is to be put in force.
    }
  }

  /** A plan of what is known by now; undefined where that is not all. */
  async #plan(): Promise<Ready | undefined> {
    const { source, clock } = this.#options;
    const { calls } = this.#wake;
    const began = clock.now();
    const snapshot = source.snapshot();
    if (snapshot === undefined) return undefined;
    const planned = await this.#planning.plan(snapshot, began);
    return { planned, calls, tookMs: clock.now() - began };
  }

  /** Puts the newest state in force; why not, where it fails. */
  async #apply(since: number): Promise<string | undefined> {
    const { metrics } = this.#options;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    try {
      const ready = ahead?.calls === this.#wake.calls ? ahead : await this.#plan();
      if (ready === undefined) return undefined;
      await this.#enforce(ready, since);
      this.#failing = undefined;
      this.#retry.reset();
    } catch (error) {
      metrics.failures += 1;
      this.#failing = errorText(error);
    }
    return this.#failing;
  }

  async #enforce({ planned, tookMs }: Ready, since: number): Promise<void> {
    const { node, dataplane, links, clock, metrics, log, clusterPodCidrs = [] } = this.#options;
    const { plan, cluster, fallbacks, pods, displaced, closed, snapshot } = planned;
    const began = clock.now();
    const report = await dataplane.apply(plan);
    const now = clock.now();
    metrics.applies[report.mode] += 1;
    metrics.lastApplySeconds = (tookMs + now - began) / 1000;
    if (report.mode !== "unchanged") metrics.observeLatency((now - since) / 1000);
    const first = this.#applied === undefined;
    const { policies: written, clusterPolicies } = snapshot.cluster;
    const states = this.#policyStates.of(written, clusterPolicies, snapshot.policyMarks, fallbacks);
    const policies = this.#latencies.add(states, { tookMs: now - since, first });
    const podOf = this.#podsByAddress(pods);
    this.#applied = { report, policies, localPods: pods.length, podOf, closedPods: closed };
    // Pods that have links of their own are closed by these until they are programmed.
    const areRangesKnown = clusterPodCidrs.length > 0 && links.podInterfacePrefix !== undefined;
    this.#reports.applied(this.#applied, cluster.nodes.get(node), { first, tookMs: now - since, areRangesKnown });
    const released = new Map(displaced.map(({ pod, until }) => [pod, until]));
    const times = pods
      .filter((pod) => pod.addresses.length > 0 && closed.has(podTexts(pod).key))
      .map((pod) => released.get(pod));
    this.#lookAgain(times, now);
    if (first && links.podInterfacePrefix === undefined && pods.length > 0)
      log(
        "warn",
        "pods are told apart by address alone, so they may use others' addresses: no prefix of their links is known",
      );
  }

  /**
   * Looks again after pods that are closed: at the time that is known for them, or more and more rarely, as a pod's link
   * may be laid after its address is told.
   */
  #lookAgain(times: readonly (number | undefined)[], now: number): void {
    const { clock } = this.#options;
    this.#cancelLook();
    if (times.length === 0) return;
    const waitMs = Math.max(0, Math.min(...times.map((until) => (until === undefined ? this.#lookMs : until - now))));
    if (times.includes(undefined)) this.#lookMs = Math.min(longestLookMs, this.#lookMs * 2);
    this.#cancelLook = clock.timer(waitMs, () => this.#wake.call(clock.now()));
  }

  async #watchDrift(signal: AbortSignal): Promise<void> {
    const { dataplane, driftEveryMs, clock, log, metrics } = this.#options;
    const [repairs, failures] = [new Repeats(clock), new Repeats(clock)];
    const watch = watchDrift({
      dataplane,
      ...(driftEveryMs === undefined ? {} : { everyMs: driftEveryMs }),
      onRepair: ({ differences }) => {
        // A change that failed may have left the table in any state: what it was before is in force again, and nobody else did it.
        if (this.#failing !== undefined) return;
        metrics.drifts += 1;
        // Names end in numbers that are others each time.
        const times = repairs.tell(differences.join("; ").replace(/\d+/g, "#"));
        if (times === undefined) return;
        const shown = differences.slice(0, mostDifferencesShown);
        log("warn", "something else changed podwall's table; it is as it should be again", {
          differences: shown.join("; "),
          more: differences.length - shown.length,
          times,
        });
      },
      onError: (error) => {
        const because = errorText(error);
        const times = failures.tell(because);
        if (times !== undefined) log("warn", "the table could not be looked at", { because, times });
      },
    });
    await aborted(signal);
    await watch.stop();
  }
}

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
