import { ConnectionPool } from "../../../evaluate/fast/connection-pool.ts";
import type { Cluster } from "../../../model/cluster.ts";
import { isPolicyPod } from "../../../model/pod.ts";
import type { KnownEnd } from "./known-end.ts";
import type { PairAnswers } from "./pair-answers.ts";

/** Of pairs of pods of two namespaces: how many more are open than as the input is given, or fewer, and of how many that is not known. */
export interface LooseTotal {
  readonly source: string;
  readonly destination: string;
  readonly open: number;
  readonly unknown: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What pairs of which the answer may depend on what is not known change in the totals of a cluster as it is given. */
export function looseTotals({ pods, clusterPolicies }: Cluster, answers: PairAnswers): readonly LooseTotal[] {
  const totals = new Map<string, Mutable<LooseTotal>>();
  const add = (source: Sort, destination: Sort, change: Pick<LooseTotal, "open" | "unknown">): void => {
    const [from, to] = [source.end.pod.namespace, destination.end.pod.namespace];
    const key = `${from}/${to}`;
    let total = totals.get(key);
    if (total === undefined) totals.set(key, (total = { source: from, destination: to, open: 0, unknown: 0 }));
    const pairs = source.pods * (destination.pods - (source === destination ? 1 : 0));
    total.open += change.open * pairs;
    total.unknown += change.unknown * pairs;
  };
  const sorts = sortsOf(pods.filter(isPolicyPod).map((pod) => answers.end([pod])));
  const asked = sorts.filter(({ end }) => answers.isAsking(end, "destination"));
  for (const source of sorts) {
    for (const destination of answers.isAsking(source.end, "source") ? sorts : asked) {
      if (!answers.mayDepend(source.end, destination.end)) continue;
      const { least, most } = answers.range(source.end, destination.end);
      // As given is one of the ways, but for pods without an address, whom only tiers may deny more when they have one.
      const mayBeMore = clusterPolicies.length > 0 && (source.end.hasNoAddress || destination.end.hasNoAddress);
      if (most === ConnectionPool.none && !mayBeMore) continue;
      const isOpen = least !== ConnectionPool.none;
      const isUnknown = !isOpen && most !== ConnectionPool.none;
      const wasOpen = answers.given(source.end, destination.end) !== ConnectionPool.none;
      if (isUnknown || isOpen !== wasOpen) {
        add(source, destination, { open: Number(isOpen) - Number(wasOpen), unknown: Number(isUnknown) });
      }
    }
  }
  return [...totals.values()];
}

/** Pods of which all is said that is said of one. */
interface Sort {
  readonly end: KnownEnd;
  pods: number;
}

function sortsOf(ends: readonly KnownEnd[]): readonly Sort[] {
  const sorts = new Map<string, Sort>();
  for (const end of ends) {
    const key = `${end.states[0]?.podClass.id} ${JSON.stringify(end.profile)}`;
    const known = sorts.get(key);
    if (known === undefined) sorts.set(key, { end, pods: 1 });
    else known.pods++;
  }
  return [...sorts.values()];
}
