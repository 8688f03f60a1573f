import type { Readable } from "node:stream";
import { explainFailure } from "../client/explain-failure.ts";
import { KubeError } from "../client/kube-error.ts";
import type { Clock } from "../clock.ts";

export interface ConsumeOptions {
  readonly origin: string;
  readonly clock: Clock;
  /** No byte for this long is a failure of kind `timeout`. May change as the body is read. */
  readonly silenceMs: () => number;
  /** Ends it well after this time, if it is still open. */
  readonly endAfterMs?: number;
  readonly onChunk: (chunk: Buffer) => void;
}

/**
 * Hands on a body's bytes as they come, until it ends. Rejects with a `KubeError`, or with what `onChunk` throws. The
 * body is closed in any case.
 */
export function consume(
  body: Readable,
  { origin, clock, silenceMs, endAfterMs, onChunk }: ConsumeOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      cancelSilence();
      cancelEnd?.();
      body.destroy();
      settle();
    };
    const fail = (error: unknown) => finish(() => reject(error));
    const watchSilence = (): (() => void) => {
      const boundMs = silenceMs();
      return clock.timer(boundMs, () => fail(new KubeError("timeout", `${origin} sent nothing for ${boundMs} ms`)));
    };
    let cancelSilence = watchSilence();
    const cancelEnd = endAfterMs === undefined ? undefined : clock.timer(endAfterMs, () => finish(resolve));
    body.on("data", (chunk: Buffer) => {
      try {
        onChunk(chunk);
      } catch (error) {
        fail(error);
        return;
      }
      cancelSilence();
      cancelSilence = watchSilence();
    });
    body.on("end", () => finish(resolve));
    body.on("error", (error) => fail(explainFailure(error, origin)));
    // Also after an end, where this changes nothing.
    body.on("close", () => fail(new KubeError("unreachable", `${origin} closed the connection`)));
  });
}
