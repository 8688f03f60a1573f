import {
  type Cluster,
  type ClusterChange,
  type Endpoint,
  type Protocol,
  allows,
  endpointOf,
  isPolicyPod,
} from "@podwall/engine";
import { Random } from "../generate/random.ts";
import type { PodwallMap } from "./podwall-map.ts";

/** What one kind of work costs a program that has the cluster loaded. */
export interface LoadedFigure {
  readonly name: string;
  readonly count: number;
  readonly meanNs: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly worstNs: number;
}

/** Every figure of a loaded program; another kind of work is another line here, and so a row of the table. */
export function loadedFigures(cluster: Cluster, map: PodwallMap): LoadedFigure[] {
  return [oneVerdict(map), ...changes(cluster, map)];
}

interface Question {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: Protocol;
  readonly port: number;
}

const questionsAsked = 100_000;
const ports = [53, 80, 443, 8080, 8081, 8082, 9090, 30500];

/** May this connection be made? Of random pods and ports, each end made for its question. */
function oneVerdict(map: PodwallMap): LoadedFigure {
  const random = new Random("verdicts");
  const pods = map.classes.flatMap((podClass) => [...podClass.pods]);
  const questions = Array.from(
    { length: questionsAsked },
    (): Question => ({
      source: endpointOf(random.pick(pods)),
      destination: endpointOf(random.pick(pods)),
      protocol: random.below(4) === 0 ? "UDP" : "TCP",
      port: random.pick(ports),
    }),
  );
  return figure("one verdict", questions, ({ source, destination, protocol, port }) =>
    allows(map.connections(source, destination), protocol, port),
  );
}

const changesMade = 200;

/**
 * One object changed, its consequences worked out and the pairs that it changes read: a pod gets another pod's labels, a
 * policy goes and comes back, a namespace gets another's labels; each is put back as it was, so that the cluster stays.
 */
function changes(cluster: Cluster, map: PodwallMap): LoadedFigure[] {
  const random = new Random("changes");
  const pods = cluster.pods.filter(isPolicyPod);
  const namespaces = [...cluster.namespaces.values()];
  const there = (make: () => ClusterChange): ClusterChange[] => Array.from({ length: changesMade }, make);
  const figureOf = (name: string, asked: readonly ClusterChange[]): LoadedFigure[] => {
    const backs: ClusterChange[] = asked.map(({ before, after }) => ({
      ...(after && { before: after }),
      ...(before && { after: before }),
    }));
    const steps = asked.flatMap((change, index) => [change, backs[index] as ClusterChange]);
    return [figure(name, steps, (change) => map.update(change) > 0, { mayAllHold: true })];
  };
  return [
    ...figureOf(
      "one pod's labels changed",
      there(() => {
        const before = random.pick(pods);
        return { before, after: { ...before, labels: random.pick(pods).labels } };
      }),
    ),
    ...figureOf(
      "one policy removed, added",
      there(() => ({ before: random.pick(cluster.policies) })),
    ),
    ...figureOf(
      "one namespace's labels changed",
      there(() => {
        const before = random.pick(namespaces);
        const labels = new Map([...before.labels, ["team", random.pick(namespaces).labels.get("team") ?? "none"]]);
        return { before, after: { ...before, labels } };
      }),
    ),
  ];
}

/** Times each item alone; reading the clock is in each time, well under a tenth of a microsecond. */
function figure<Item>(
  name: string,
  items: readonly Item[],
  work: (item: Item) => boolean,
  { mayAllHold = false } = {},
): LoadedFigure {
  const times = new Float64Array(items.length);
  let held = 0;
  for (const [index, item] of items.entries()) {
    const startedAt = process.hrtime.bigint();
    if (work(item)) held++;
    times[index] = Number(process.hrtime.bigint() - startedAt);
  }
  // The answers are used, so no compiler can leave the work out; and an evaluator that denies everything is caught.
  if ((held === 0 || held === items.length) && !mayAllHold) throw new Error(`${name}: ${held} of ${items.length} held`);
  const sum = times.reduce((total, time) => total + time, 0);
  times.sort();
  const at = (share: number): number => times[Math.min(items.length - 1, Math.floor(items.length * share))] ?? 0;
  return { name, count: items.length, meanNs: sum / items.length, p50Ns: at(0.5), p99Ns: at(0.99), worstNs: at(1) };
}
