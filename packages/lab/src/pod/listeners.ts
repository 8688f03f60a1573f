import type { Listener, PodRequests } from "./messages.ts";
import type { RunningServer, ServerOptions } from "./server.ts";
import { serveTcp } from "./tcp-server.ts";
import { serveUdp } from "./udp-server.ts";

/** The servers of one namespace. */
export class Listeners {
  readonly #options: ServerOptions;
  readonly #running = new Map<string, RunningServer>();

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Listens on exactly these; those that stay are not disturbed. */
  async set(wanted: readonly Listener[]): Promise<PodRequests["listen"]["answer"]> {
    const byKey = new Map(wanted.map((listener) => [keyOf(listener), listener]));
    for (const [key, server] of this.#running) {
      if (byKey.has(key)) continue;
      server.close();
      this.#running.delete(key);
    }
    const failed: { listener: Listener; because: string }[] = [];
    for (const [key, listener] of byKey) {
      if (this.#running.has(key)) continue;
      try {
        const serve = listener.protocol === "TCP" ? serveTcp : serveUdp;
        this.#running.set(key, await serve(listener, this.#options));
      } catch (error) {
        failed.push({ listener, because: (error as Error).message });
      }
    }
    return failed;
  }
}

function keyOf({ protocol, address, port }: Listener): string {
  return `${protocol} ${address} ${port}`;
}
