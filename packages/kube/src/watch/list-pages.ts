import { asMapping } from "../as-mapping.ts";
import { isExpired } from "../client/api-status.ts";
import type { KubeClient, Query } from "../client/kube-client.ts";
import { KubeError } from "../client/kube-error.ts";
import { consume } from "./consume.ts";
import { type ListItem, ListScanner } from "./list-scanner.ts";
import { WatchFailure } from "./watch-failure.ts";
import type { WatchLimits } from "./watch-limits.ts";

export interface ListPagesOptions {
  readonly client: KubeClient;
  readonly path: string;
  /** Selectors. */
  readonly query: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits: WatchLimits;
  readonly signal: AbortSignal;
  readonly onItem: (item: ListItem) => void;
  /** What came so far is void: the list begins anew. */
  readonly onRestart: () => void;
}

/**
 * All items of a list as it is now, page by page, and the version to watch from. Where the server forgets the list before
 * its last page was fetched, all is asked for at once: pages that go on with a newer state would be of no one state, and
 * one long answer needs no more memory here. Rejects with a `KubeError` or `WatchFailure`.
 */
export async function listPages(options: ListPagesOptions): Promise<string> {
  let limit: number | undefined = options.limits.pageSize;
  let page = await readPage(options, { limit });
  let version = page.version;
  while (page.continueWith !== undefined) {
    try {
      page = await readPage(options, { limit, continue: page.continueWith });
    } catch (error) {
      if (limit === undefined || !isExpiredError(error)) throw error;
      options.onRestart();
      limit = undefined;
      page = await readPage(options, {});
      version = page.version;
    }
  }
  return version;
}

interface Page {
  readonly version: string;
  readonly continueWith: string | undefined;
}

async function readPage(options: ListPagesOptions, paging: Query): Promise<Page> {
  const { client, path, query, headers = {}, limits, signal, onItem } = options;
  const body = await client.open({ path, query: { ...query, ...paging }, headers, compressed: true, signal });
  const scanner = new ListScanner(limits.maxObjectBytes, onItem);
  await consume(body, {
    origin: client.access.server.origin,
    clock: client.clock,
    silenceMs: () => limits.listSilenceMs,
    onChunk: (chunk) => scanner.push(chunk),
  });
  const metadata = asMapping(asMapping(parseJson(scanner.end()))?.["metadata"]);
  const version = metadata?.["resourceVersion"];
  if (typeof version !== "string" || version === "") {
    throw new WatchFailure("garbled", `GET ${path}: the answer is no list of the API`, { next: "list" });
  }
  const token = metadata?.["continue"];
  return { version, continueWith: typeof token === "string" && token !== "" ? token : undefined };
}

function isExpiredError(error: unknown): boolean {
  return error instanceof KubeError && error.status !== undefined && isExpired(error.status);
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
