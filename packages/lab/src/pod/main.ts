import { ConnectLoop } from "./connect-loop.ts";
import { HeardWords } from "./conversation.ts";
import { answerDns } from "./dns-answer.ts";
import { Listeners } from "./listeners.ts";
import type { PodReply, PodRequest, PodRequestKind, PodRequests, Zone } from "./messages.ts";
import { probeAll } from "./probe.ts";
import { Stream } from "./stream.ts";

/** The program that runs in each namespace of a lab; its parent tells it what to do over the IPC channel. */

let name = "";
let zone: Zone = {};
let lastId = 0;
const words = new HeardWords();
const listeners = new Listeners({ name: () => name, words, answerDns: (message) => answerDns(message, zone) });
const loops = new Map<number, ConnectLoop>();
const streams = new Map<number, Stream>();

type Handlers = {
  readonly [K in PodRequestKind]: (
    order: PodRequests[K]["order"],
    id: number,
  ) => Promise<PodRequests[K]["answer"]> | PodRequests[K]["answer"];
};

/** Progress is told in steps, so that telling it costs little. */
const progressStep = 50;

const handlers: Handlers = {
  listen: (order) => {
    name = order.name;
    return listeners.set(order.listeners);
  },
  zone: (order) => {
    zone = order.zone;
    return null;
  },
  probe: async ({ probes, concurrency }, id) => {
    let done = 0;
    const answers = await probeAll(probes, concurrency, () => {
      if (++done % progressStep === 0) tell({ kind: "progress", id, done: progressStep });
    });
    tell({ kind: "progress", id, done: done % progressStep });
    return answers;
  },
  startLoop: ({ probe, concurrency }) => {
    loops.set(++lastId, new ConnectLoop(probe, concurrency));
    return { loop: lastId };
  },
  loopCounts: ({ loop }) => known(loops, loop).counts(),
  stopLoop: async ({ loop }) => {
    const counts = await known(loops, loop).stop();
    loops.delete(loop);
    return counts;
  },
  openStream: async (order) => {
    const { stream, answer } = await Stream.open(order);
    if (stream === undefined) return answer;
    streams.set(++lastId, stream);
    return { ...answer, stream: lastId };
  },
  streamState: ({ stream }) => known(streams, stream).state(),
  closeStream: ({ stream }) => {
    known(streams, stream).close();
    streams.delete(stream);
    return null;
  },
  heard: ({ word }) => words.heard(word),
};

async function handle<K extends PodRequestKind>({ id, kind, order }: PodRequest<K>): Promise<void> {
  try {
    tell({ kind: "answer", id, answer: await handlers[kind](order, id) });
  } catch (error) {
    tell({ kind: "failure", id, message: (error as Error).message });
  }
}

function known<T>(things: ReadonlyMap<number, T>, id: number): T {
  const thing = things.get(id);
  if (thing === undefined) throw new Error(`there is no number ${id}`);
  return thing;
}

function tell(reply: PodReply): void {
  // The parent may be gone by now; then this process is about to end as well.
  if (process.connected) process.send?.(reply, undefined, {}, () => undefined);
}

process.on("message", (request: PodRequest) => void handle(request));
process.on("disconnect", () => process.exit());
tell({ kind: "ready" });
