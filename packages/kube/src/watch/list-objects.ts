import type { KubeClient } from "../client/kube-client.ts";
import { KubeError } from "../client/kube-error.ts";
import type { KubeObject } from "../client/kube-object.ts";
import { checkObject } from "../client/read-object.ts";
import { type Resource, pathOf } from "../client/resource.ts";
import { keyInStart } from "./key-in-start.ts";
import type { ListItem } from "./list-scanner.ts";
import { sleep } from "../clock.ts";
import { listPages } from "./list-pages.ts";
import { parseBytes } from "./read-item.ts";
import { WatchFailure } from "./watch-failure.ts";
import { type WatchLimits, defaultWatchLimits } from "./watch-limits.ts";

export interface ListObjectsOptions<Kept> {
  readonly client: KubeClient;
  readonly resource: Resource;
  /** Undefined for all namespaces, and for resources of the cluster. */
  readonly namespace?: string | undefined;
  /** All where not given. */
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limits?: Partial<WatchLimits>;
  readonly signal: AbortSignal;
  /** What to keep of an object, so that the rest of it is never held. */
  readonly keep: (object: KubeObject) => Kept;
  /** How many objects came until now. */
  readonly onProgress?: (count: number) => void;
}

/**
 * All objects of a resource as they are now, page by page. Rejects with a `KubeError`; its status has code 404 where the server
 * does not know the resource, and 403 where it may not be listed. An object that is not readable is a failure as well: to answer
 * without it would be wrong. Where the server is busy and says when to come again, does.
 */
export async function listObjects<Kept>(options: ListObjectsOptions<Kept>): Promise<readonly Kept[]> {
  const { client, signal } = options;
  for (let tries = 1; ; tries++) {
    try {
      return await listOnce(options);
    } catch (error) {
      const status = error instanceof KubeError ? error.status : undefined;
      if (status?.code !== 429 || tries === busyTries) throw error;
      await sleep(client.clock, Math.min(status.retryAfterMs ?? 1_000, longestRetryAfterMs), signal);
    }
  }
}

const busyTries = 4;
const longestRetryAfterMs = 30_000;

async function listOnce<Kept>(options: ListObjectsOptions<Kept>): Promise<readonly Kept[]> {
  const { client, resource, namespace, labelSelector, fieldSelector, limits, signal, keep, onProgress } = options;
  let objects: Kept[] = [];
  try {
    await listPages({
      client,
      path: pathOf(resource, { namespace }),
      query: { labelSelector, fieldSelector },
      limits: { ...defaultWatchLimits, ...limits },
      signal,
      onItem: (item) => {
        objects.push(keep(objectOf(item, resource)));
        onProgress?.(objects.length);
      },
      onRestart: () => {
        objects = [];
      },
    });
  } catch (error) {
    if (error instanceof WatchFailure) throw new KubeError("garbled", error.message, { cause: error });
    throw error;
  }
  return objects;
}

function objectOf(item: ListItem, { plural }: Resource): KubeObject {
  const bytes = item.kind === "item" ? item.bytes : item.start;
  const parsed = item.kind === "item" ? parseBytes(bytes) : { why: "it is too long" };
  const checked = "value" in parsed ? checkObject(parsed.value) : undefined;
  if (checked?.kind === "object") return checked.object;
  const why = checked?.why ?? ("why" in parsed ? parsed.why : "");
  throw new KubeError("garbled", `${plural} ${keyInStart(bytes) ?? "without a name"} cannot be read: ${why}`);
}
