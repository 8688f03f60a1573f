import type { Server, Socket } from "node:net";
import type { Clock } from "@podwall/kube";

/** How many connections there may be at once, and how many opened in a second: to agree on TLS takes the agent a millisecond or two. */
interface ConnectionLimits {
  readonly held: number;
  readonly opened: number;
}

/** Of one address: a pod must not keep the kubelet's probes out. */
const ofOneAddress: ConnectionLimits = { held: 32, opened: 64 };
/** Of all addresses that are not this node's own: a cluster's pods together must not either, nor keep the agent from its work. */
const fromElsewhere: ConnectionLimits = { held: 512, opened: 256 };

const elsewhere = "elsewhere";

/** The connections of a server, those whose TLS is not agreed on yet too. */
export class Connections {
  readonly #clock: Pick<Clock, "now">;
  readonly #held = new Map<string, Set<Socket>>();
  /** Of this second. */
  readonly #opened = new Map<string, number>();
  #second = Number.NEGATIVE_INFINITY;

  /** Ends connections beyond the limits as they come. */
  constructor(server: Server, clock: Pick<Clock, "now">) {
    this.#clock = clock;
    server.on("connection", (socket) => {
      const from = socket.remoteAddress ?? "";
      const isWithin = [
        this.#count(from, socket, ofOneAddress),
        isOwn(socket) || this.#count(elsewhere, socket, fromElsewhere),
      ];
      if (isWithin.includes(false)) socket.destroy();
    });
  }

  endAll(): void {
    for (const socket of [...this.#held.values()].flatMap((those) => [...those])) socket.destroy();
  }

  /** Says whether it is within the limits. */
  #count(whose: string, socket: Socket, limits: ConnectionLimits): boolean {
    const those = this.#held.get(whose) ?? new Set();
    this.#held.set(whose, those.add(socket));
    socket.on("close", () => {
      those.delete(socket);
      if (those.size === 0) this.#held.delete(whose);
    });
    return this.#open(whose) <= limits.opened && those.size <= limits.held;
  }

  /** How many were opened in this second. */
  #open(whose: string): number {
    const now = this.#clock.now();
    if (now - this.#second >= 1_000) {
      this.#second = now;
      this.#opened.clear();
    }
    const count = (this.#opened.get(whose) ?? 0) + 1;
    this.#opened.set(whose, count);
    return count;
  }
}

/** Whether the node itself speaks: by loopback, or from the address that it is asked at. */
function isOwn({ remoteAddress = "", localAddress }: Socket): boolean {
  return remoteAddress === localAddress || /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress);
}
