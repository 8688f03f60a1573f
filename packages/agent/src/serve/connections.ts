import type { Server, Socket } from "node:net";

/** Connections that one address may hold: a pod must not keep the kubelet's probes out. */
const mostAnAddress = 32;

/** The connections of a server, those whose TLS is not agreed on yet too. */
export class Connections {
  readonly #byAddress = new Map<string, Set<Socket>>();

  /** Ends connections of an address beyond the limit as they come. */
  constructor(server: Server) {
    server.on("connection", (socket) => {
      const from = socket.remoteAddress ?? "";
      const those = this.#byAddress.get(from) ?? new Set();
      this.#byAddress.set(from, those.add(socket));
      socket.on("close", () => {
        those.delete(socket);
        if (those.size === 0) this.#byAddress.delete(from);
      });
      if (those.size > mostAnAddress) socket.destroy();
    });
  }

  endAll(): void {
    for (const socket of [...this.#byAddress.values()].flatMap((those) => [...those])) socket.destroy();
  }
}
