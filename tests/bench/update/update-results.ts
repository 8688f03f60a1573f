/** In the order of the work; all in milliseconds. */
export const stages = ["decode", "cluster", "plan", "diff", "nft"] as const;

/** One event and what it took. */
export interface UpdateEvent {
  readonly what: string;
  /** The work, some of which is done while the agent waits for more events. */
  readonly stages: Readonly<Record<(typeof stages)[number], number>>;
  /** From the event to when the kernel judged by it, without the window in which the agent waits for more. */
  readonly totalMs: number;
  readonly commands: number;
  readonly mode: string;
}

/** What nft took for one element each, in a table of so many chains and sets, in milliseconds. */
export interface TimedElements {
  readonly chains: number;
  readonly sets: number;
  readonly tookMs: readonly number[];
}

/** What `measured-update` prints. */
export interface MeasuredUpdate {
  readonly pods: number;
  readonly policies: number;
  readonly localPods: number;
  readonly fullSyncMs: number;
  readonly fullSync: UpdateEvent["stages"];
  readonly events: readonly UpdateEvent[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly epochsRaised: number;
  readonly applies: number;
  /** Of the agent, in all threads, without nft. */
  readonly cpuMs: number;
  /** In a table that is empty, and in the agent's. */
  readonly elements: readonly TimedElements[];
}
