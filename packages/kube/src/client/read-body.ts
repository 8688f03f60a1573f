import type { Readable } from "node:stream";
import type { Clock } from "../clock.ts";
import { explainFailure } from "./explain-failure.ts";
import { KubeError } from "./kube-error.ts";

export interface ReadBodyOptions {
  readonly origin: string;
  readonly clock: Clock;
  /** More is refused. */
  readonly maxBytes: number;
  /** For all of it. */
  readonly timeoutMs: number;
}

/** All of a body as text. Rejects with a `KubeError`. */
export async function readBody(body: Readable, options: ReadBodyOptions): Promise<string> {
  const { origin, clock, maxBytes, timeoutMs } = options;
  const late = new KubeError("timeout", `${origin} took more than ${timeoutMs} ms to answer`);
  const cancelTimer = clock.timer(timeoutMs, () => body.destroy(late));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new KubeError("too-large", `${origin} answered more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw explainFailure(error, origin);
  } finally {
    cancelTimer();
    body.destroy();
  }
  return Buffer.concat(chunks).toString("utf8");
}
