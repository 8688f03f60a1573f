import type { Server, Socket } from "node:net";
import type { Clock } from "@podwall/kube";

/** Connections that one address may hold: a pod must not keep the kubelet's probes out. */
const mostAnAddress = 32;
/** Connections that one address may open a second: to agree on TLS takes the agent a millisecond or two. */
const mostASecond = 64;

/** The connections of a server, those whose TLS is not agreed on yet too. */
export class Connections {
  readonly #clock: Pick<Clock, "now">;
  readonly #byAddress = new Map<string, Set<Socket>>();
  /** Of this second, by address. */
  readonly #opened = new Map<string, number>();
  #second = Number.NEGATIVE_INFINITY;

  /** Ends connections of an address beyond the limits as they come. */
  constructor(server: Server, clock: Pick<Clock, "now">) {
    this.#clock = clock;
    server.on("connection", (socket) => {
      const from = socket.remoteAddress ?? "";
      const those = this.#byAddress.get(from) ?? new Set();
      this.#byAddress.set(from, those.add(socket));
      socket.on("close", () => {
        those.delete(socket);
        if (those.size === 0) this.#byAddress.delete(from);
      });
      if (this.#isTooFast(from) || those.size > mostAnAddress) socket.destroy();
    });
  }

  endAll(): void {
    for (const socket of [...this.#byAddress.values()].flatMap((those) => [...those])) socket.destroy();
  }

  #isTooFast(from: string): boolean {
    const now = this.#clock.now();
    if (now - this.#second >= 1_000) {
      this.#second = now;
      this.#opened.clear();
    }
    const count = (this.#opened.get(from) ?? 0) + 1;
    this.#opened.set(from, count);
    return count > mostASecond;
  }
}
