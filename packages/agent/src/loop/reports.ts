import type { ClusterNode } from "@podwall/engine";
import type { Log } from "../log.ts";
import { shortText } from "../short-text.ts";
import { type Trouble, policyKey } from "../source/source.ts";
import type { Applied, PolicyState } from "./agent-state.ts";
import { whatChanged } from "./what-changed.ts";

/** Says what changed, once. */
export class Reports {
  readonly #log: Log;
  readonly #troubles = new Map<string, string>();
  #fallbacks: ReadonlyMap<string, PolicyState> = new Map();
  #policiesSeen: readonly PolicyState[] = [];
  #saidRanges = false;
  #last: Applied | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** What is told of and not over, by what it is about. */
  get troubles(): ReadonlyMap<string, string> {
    return this.#troubles;
  }

  readonly trouble = ({ about, message: text }: Trouble): void => {
    const message = text === undefined ? undefined : shortText(text);
    if (message === undefined) {
      if (this.#troubles.delete(about)) this.#log("info", "well again", { about });
      return;
    }
    if (this.#troubles.get(about) === message) return;
    this.#troubles.set(about, message);
    this.#log("warn", message, { about });
  };

  applied(
    applied: Applied,
    node: ClusterNode | undefined,
    {
      first,
      tookMs,
      areRangesKnown,
    }: { readonly first: boolean; readonly tookMs: number; readonly areRangesKnown: boolean },
  ): void {
    const { report, policies, localPods } = applied;
    this.#policies(policies);
    if (!areRangesKnown) this.#ranges(node);
    // What changed without a change of rules is told with the next one.
    if (report.mode === "unchanged" && !first) return;
    const why = whatChanged(this.#last, applied);
    this.#last = applied;
    const { mode, generation, commands, epoch } = report;
    const fields = { ...why, mode, generation, epoch, commands, localPods, ms: Math.round(tookMs * 10) / 10 };
    this.#log("info", first ? "enforcing" : "changed", fields);
  }

  #policies(policies: readonly PolicyState[]): void {
    if (policies === this.#policiesSeen) return;
    this.#policiesSeen = policies;
    const now = new Map(policies.filter(({ because }) => because !== undefined).map((one) => [policyKey(one), one]));
    for (const [policy, { enforced, because }] of now) {
      const before = this.#fallbacks.get(policy);
      if (before?.because === because && before?.enforced === enforced) continue;
      const message =
        enforced === "closed"
          ? "a policy cannot be used: its pods are closed"
          : "a policy cannot be used: its last good version stays";
      this.#log("error", message, { policy, because });
    }
    for (const policy of this.#fallbacks.keys()) {
      if (now.has(policy)) continue;
      const isThere = policies.some((one) => policyKey(one) === policy);
      this.#log("info", isThere ? "a policy can be used again" : "a policy is gone", { policy });
    }
    this.#fallbacks = now;
  }

  #ranges(node: ClusterNode | undefined): void {
    const known = (node?.podCidrs.length ?? 0) > 0;
    if (!known && !this.#saidRanges) {
      const message = node === undefined ? "there is no Node of this name" : "this Node has no pod ranges";
      this.#log(
        "error",
        `${message}: an address that is no known pod's is not closed; name --cluster-pod-cidr, or --pod-cidr`,
      );
    }
    this.#saidRanges = !known;
  }
}
