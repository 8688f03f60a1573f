import { EventEmitter } from "node:events";
import type { Server } from "node:net";
import { describe, expect, it } from "vitest";
import { Connections } from "./connections.ts";

interface Opened {
  readonly ended: boolean;
  destroy(): void;
}

class FakeSocket extends EventEmitter implements Opened {
  readonly remoteAddress: string;
  readonly localAddress = "192.0.2.1";
  ended = false;

  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    if (this.ended) return;
    this.ended = true;
    this.emit("close");
  }
}

/** A server that is told of connections; gives how many it held on to. */
function server() {
  let now = 0;
  const events = new EventEmitter();
  new Connections(events as unknown as Server, { now: () => now });
  const open = (remoteAddress: string): Opened => {
    const socket = new FakeSocket(remoteAddress);
    events.emit("connection", socket);
    return socket;
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { open, pass };
}

const podAddress = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

describe("connections from many addresses", () => {
  it("are at most 256 a second and 512 at once, and never keep the node itself out", () => {
    const { open, pass } = server();
    const first = Array.from({ length: 300 }, (_, index) => open(podAddress(index)));
    expect(first.filter(({ ended }) => !ended)).toHaveLength(256);
    expect(open("192.0.2.1").ended).toBe(false);
    expect(open("127.0.0.1").ended).toBe(false);
    pass(1_000);
    const second = Array.from({ length: 256 }, (_, index) => open(podAddress(300 + index)));
    expect(second.filter(({ ended }) => !ended)).toHaveLength(256);
    pass(1_000);
    expect(open(podAddress(999)).ended).toBe(true);
    expect(open("192.0.2.1").ended).toBe(false);
    second[0]?.destroy();
    expect(open(podAddress(999)).ended).toBe(false);
  });

  it("are no others' when they end", () => {
    const { open, pass } = server();
    for (let second = 0; second < 5; second++) {
      for (let count = 0; count < 64; count++) {
        const socket = open("10.0.0.1");
        expect(socket.ended).toBe(false);
        socket.destroy();
      }
      expect(open("10.0.0.1").ended).toBe(true);
      expect(open("10.0.0.2").ended).toBe(false);
      pass(1_000);
    }
  });
});
