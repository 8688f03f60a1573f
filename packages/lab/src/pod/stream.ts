import { type Client, greet } from "./client.ts";
import type { PodRequests, StreamOrder, StreamState } from "./messages.ts";
import { newWord } from "./word.ts";

/** A connection that is held open, with a message every so often. */
export class Stream {
  readonly #client: Client;
  readonly #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #received = 0;
  #heardAt = performance.now();
  #closedBy: string | undefined;

  private constructor(client: Client, word: string, { mode, intervalMs }: StreamOrder) {
    this.#client = client;
    client.onMessage(() => {
      this.#received++;
      this.#heardAt = performance.now();
    });
    client.onClose((because) => {
      this.#closedBy ??= because;
      clearInterval(this.#timer);
    });
    if (mode === "push") return;
    this.#timer = setInterval(() => {
      this.#sent++;
      client.send(`tick ${word}\n`);
    }, intervalMs);
  }

  static async open(
    order: StreamOrder,
  ): Promise<{ readonly stream?: Stream; readonly answer: Omit<PodRequests["openStream"]["answer"], "stream"> }> {
    const word = newWord();
    const attempt = await greet(order, { word, stream: { mode: order.mode, intervalMs: order.intervalMs } });
    if (attempt.kind === "failed") return { answer: { word, outcome: attempt.outcome } };
    return { stream: new Stream(attempt.client, word, order), answer: { word, outcome: "open" } };
  }

  state(): StreamState {
    return {
      open: this.#closedBy === undefined,
      ...(this.#closedBy === undefined ? {} : { closedBy: this.#closedBy }),
      sent: this.#sent,
      received: this.#received,
      quietMs: performance.now() - this.#heardAt,
    };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#client.close();
  }
}
