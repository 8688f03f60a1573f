import type { KubeClient, Query } from "../client/kube-client.ts";
import { consume } from "./consume.ts";
import { type Line, LineSplitter } from "./line-splitter.ts";
import type { WatchLimits } from "./watch-limits.ts";

export interface OpenWatchOptions {
  readonly client: KubeClient;
  readonly path: string;
  /** Selectors. */
  readonly query: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** `list`: all objects first, then a bookmark that says so, then changes. */
  readonly start: "list" | { readonly version: string };
  readonly limits: WatchLimits;
  readonly signal: AbortSignal;
  /** The silence that is too long at the moment. */
  readonly silenceMs: () => number;
  readonly onOpen: () => void;
  readonly onLine: (line: Line) => void;
}

/** More than the server may take longer than it was asked to, to end a watch. */
const slackSeconds = 30;

/** Watches until the server ends it. Rejects with a `KubeError`, or with what `onLine` throws. */
export async function openWatch(options: OpenWatchOptions): Promise<void> {
  const { client, path, query, headers = {}, start, limits, signal, silenceMs, onOpen, onLine } = options;
  const { shortest, longest } = limits.watchSeconds;
  const seconds = Math.round(shortest + client.clock.random() * (longest - shortest));
  const from =
    start === "list"
      ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }
      : { resourceVersion: start.version };
  const body = await client.open({
    path,
    query: { ...query, ...from, watch: true, allowWatchBookmarks: true, timeoutSeconds: seconds },
    headers,
    signal,
  });
  onOpen();
  const lines = new LineSplitter(limits.maxObjectBytes, onLine);
  await consume(body, {
    origin: client.access.server.origin,
    clock: client.clock,
    silenceMs,
    endAfterMs: (seconds + slackSeconds) * 1000,
    onChunk: (chunk) => lines.push(chunk),
  });
}
