/** What became of one of upstream's tests. Times are seconds and milliseconds since 1970. */
export interface Result {
  readonly suite: string;
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  readonly seconds: number;
  /** Why it was skipped. */
  readonly reason?: string;
  /** What it left out. */
  readonly without?: string;
  /** What it said, where it failed. */
  readonly output?: string;
  readonly startedAtMs?: number;
}

/** Why a test is skipped that can be nothing without SCTP. */
export const needsSctp = "probes SCTP, and this kernel has no SCTP sockets (CONFIG_IP_SCTP)";

export interface SuiteContext {
  readonly kubeconfig: string;
  /** For this suite's own files. */
  readonly folder: string;
  readonly say: (text: string) => void;
}
