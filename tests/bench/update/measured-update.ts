// A program of its own, in a network namespace of its own: an agent, a generated cluster, and events one after the other.
// `measured-update PROFILE MIX EVENTS PER-SECOND`; prints what each took as JSON.
import { keepHeapSmall } from "../../../packages/agent/src/keep-heap-small.ts";
import { BenchAgent, type TimedApply } from "../agent/bench-agent.ts";
import { BenchSource, keyOf } from "../agent/bench-source.ts";
import { layLinks } from "../agent/lay-links.ts";
import { generatedState, inputNamed, isPod, ownNode } from "../agent/generated-state.ts";
import { Random } from "../generate/random.ts";
import { type BenchEvent, churn } from "./churn.ts";
import { timedElements } from "./timed-elements.ts";
import type { MeasuredUpdate, UpdateEvent } from "./update-results.ts";

/** How long the agent waits for more events after one; what that takes is no work. */
const windowMs = 15;

/** Not counted: what is compiled for speed only once it has run a while is an agent's every day. */
const warmUpEvents = 100;

const [profile = "10k/2k", mix = "standard", eventCount = "400", perSecond = "20"] = process.argv.slice(2);

/** An object as text, as an API server tells of it. */
interface Told extends Omit<BenchEvent, "object"> {
  readonly text: string | undefined;
}

keepHeapSmall();
const inEmptyTable = await timedElements();
const source = new BenchSource(ownNode);
const agent = new BenchAgent(source);
const { counts, events } = prepare();

interface Pending {
  readonly what: string;
  readonly at: number;
  readonly decodeMs: number;
}

let pending: Pending[] = [];
const done: UpdateEvent[] = [];
let epochsRaised = 0;
let applies = 0;
let epoch: number | undefined;
let firstApply: TimedApply | undefined;
agent.onApply = (applied) => {
  const { report, askedAt, doneAt } = applied;
  firstApply ??= applied;
  if (epoch !== undefined && report.epoch !== epoch) epochsRaised++;
  epoch = report.epoch;
  applies++;
  const isIn = ({ at }: Pending): boolean => at <= askedAt;
  const some = pending.filter(isIn);
  // The agent waits from the first of them on.
  const waitedUntil = (some[0]?.at ?? 0) + windowMs;
  for (const { what, at, decodeMs } of some) {
    const { clusterMs, planMs, diffMs, nftMs } = applied;
    done.push({
      what,
      stages: { decode: decodeMs, cluster: clusterMs, plan: planMs, diff: diffMs, nft: nftMs },
      totalMs: decodeMs + doneAt - Math.max(at, waitedUntil),
      commands: report.commands,
      mode: report.mode,
    });
  }
  pending = pending.filter((event) => !isIn(event));
};

// The agent has looked whether there is a table, and closed the node.
await sleep(1_000);
const syncedAt = performance.now();
source.synced();
while (firstApply === undefined) await sleep(5);
const first: TimedApply = firstApply;
const random = new Random("pauses");
await happen(events.slice(0, warmUpEvents));
done.length = 0;
[epochsRaised, applies] = [0, 0];
const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
await happen(events.slice(warmUpEvents));
const seconds = (performance.now() - startedAt) / 1000;
const cpu = process.cpuUsage(cpuBefore);
await agent.check();
await agent.stop();
// The rules stay. While it ran the agent would take what is not of its own away.
const inAgentsTable = await timedElements();
const result: MeasuredUpdate = {
  ...counts,
  fullSyncMs: first.doneAt - syncedAt - windowMs,
  fullSync: { decode: 0, cluster: first.clusterMs, plan: first.planMs, diff: first.diffMs, nft: first.nftMs },
  events: done,
  perSecond: Number(perSecond),
  seconds,
  epochsRaised,
  applies,
  elements: [inEmptyTable, inAgentsTable],
  cpuMs: (cpu.user + cpu.system) / 1000,
};
process.stdout.write(JSON.stringify(result));

/** Tells the agent of the cluster, and gives what will happen in it. What an API server would hold is not held on to. */
function prepare() {
  const objects = generatedState(inputNamed(profile, mix));
  for (const object of objects) source.take(object.kind, keyOf(object), JSON.stringify(object));
  // Pods that come later have the addresses of those that went.
  const ownAddresses = objects
    .filter(isPod)
    .filter(({ spec }) => spec.nodeName === ownNode)
    .map(({ status }) => status.podIP);
  layLinks(ownAddresses);
  const upcoming: Told[] = [];
  for (const { object, ...event } of churn(objects, "update")) {
    upcoming.push({ ...event, text: object === undefined ? undefined : JSON.stringify(object) });
    if (upcoming.length === warmUpEvents + Number(eventCount)) break;
  }
  return {
    counts: {
      pods: objects.filter(isPod).length,
      policies: objects.filter(({ kind }) => kind === "NetworkPolicy").length,
      localPods: ownAddresses.length,
    },
    events: upcoming,
  };
}

/** Events at random moments, as many a second as asked for. */
async function happen(some: readonly Told[]): Promise<void> {
  for (const { what, kind, key, text } of some) {
    const at = performance.now();
    source.take(kind, key, text);
    pending.push({ what, at: performance.now(), decodeMs: performance.now() - at });
    await sleep(-Math.log((1 + random.below(1_000_000)) / 1_000_000) * (1000 / Number(perSecond)));
  }
  for (let waits = 0; pending.length > 0 && waits < 400; waits++) await sleep(25);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
