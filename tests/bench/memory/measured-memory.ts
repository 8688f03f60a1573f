// A program of its own, in a network namespace of its own: an agent that reads a cluster object by object, as from an API
// server. `measured-memory FILE EVENTS IDLE-SECONDS`, where the file has an object a line; prints JSON.
import { createReadStream, readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { keepHeapSmall } from "../../../packages/agent/src/keep-heap-small.ts";
import { BenchAgent } from "../agent/bench-agent.ts";
import { BenchSource, type RawObject, keyOf } from "../agent/bench-source.ts";
import { isPod, ownNode } from "../agent/generated-state.ts";
import { layLinks } from "../agent/lay-links.ts";
import type { MeasuredMemory } from "./memory-results.ts";

const [file = "", eventCount = "300", idleSeconds = "20"] = process.argv.slice(2);
keepHeapSmall();
const source = new BenchSource(ownNode);
const agent = new BenchAgent(source);
const counts = { pods: 0, policies: 0, applies: 0 };
agent.onApply = () => counts.applies++;
const ownAddresses: string[] = [];
/** Some pods' text, for events. */
const some: string[] = [];
for await (const line of createInterface({ input: createReadStream(file) })) {
  const object = JSON.parse(line) as RawObject;
  if (object.kind === "NetworkPolicy") counts.policies++;
  if (isPod(object)) {
    if (++counts.pods % 37 === 0 && some.length < Number(eventCount)) some.push(line);
    if (object.spec.nodeName === ownNode) ownAddresses.push(object.status.podIP);
  }
  source.take(object.kind, keyOf(object), line);
}
layLinks(ownAddresses);
source.synced();
while (counts.applies === 0) await sleep(20);
await sleep(2_000);
const syncedBytes = residentBytes();
const [idleFrom, cpuFrom] = [performance.now(), cpuMs()];
await sleep(Number(idleSeconds) * 1000);
const [idleMs, idleCpuMs, idleBytes] = [performance.now() - idleFrom, cpuMs() - cpuFrom, residentBytes()];
for (const line of some) {
  const object = JSON.parse(line) as RawObject;
  source.take("Pod", keyOf(object), undefined);
  await sleep(40);
  source.take("Pod", keyOf(object), line);
  await sleep(40);
}
await sleep(1_000);
const churnedBytes = residentBytes();
await agent.stop();
const { pods, policies } = counts;
const result: MeasuredMemory = {
  pods,
  policies,
  syncedBytes,
  idleBytes,
  churnedBytes,
  events: some.length * 2,
  peakBytes: statusBytes("VmHWM"),
  idleMs,
  idleCpuMs,
};
process.stdout.write(JSON.stringify(result));

function residentBytes(): number {
  return statusBytes("VmRSS");
}

function statusBytes(field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync("/proc/self/status", "utf8"));
  return Number(found?.[1]) * 1024;
}

/** Of this process and those it has started, whether they have ended or not, in steps of the kernel's clock: 10 ms. */
function cpuMs(): number {
  const running = readdirSync("/proc/self/task").flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "utf8").trim().split(" "),
  );
  const all = ["self", ...running.filter((pid) => pid !== "")];
  return all.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
}

/** Of a process and those that it has started and that have ended. */
function cpuMsOf(pid: string): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
