import { type Diagnostic, type SourceFile, type WorkloadReference, diagnostic, podKey } from "@podwall/engine";
import { type KubeClient, KubeError, type KubeObject, listObjects } from "@podwall/kube";
import { type LiveKind, liveKinds } from "./live-kinds.ts";
import { slimObject } from "./slim-object.ts";
import { workloadOf } from "./workload-of.ts";

/** What a cluster has, as texts that are read like manifests, so that a place in them can be shown. */
export interface LiveCluster {
  readonly files: readonly SourceFile[];
  /** By `namespace/name` of a pod: whose replica it is. */
  readonly workloads: ReadonlyMap<string, WorkloadReference>;
  /** What may not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReadLiveOptions {
  readonly client: KubeClient;
  /** What is read where reading all namespaces is not allowed. */
  readonly namespace?: string | undefined;
  readonly onProgress?: (read: string) => void;
}

interface LiveObject {
  readonly file: SourceFile;
  readonly workload?: readonly [pod: string, workload: WorkloadReference];
}

type Read =
  | { readonly objects: readonly LiveObject[]; readonly onlyIn?: string }
  | { readonly denied: LiveKind; readonly error: KubeError };

/** Requests at a time: a server has a share for each user. */
const parallel = 4;

/**
 * Reads all kinds. Those that the cluster does not know are passed over; those that may not be read are said. Rejects with a
 * `KubeError` where nothing can be answered.
 */
export async function readLive({ client, namespace, onProgress }: ReadLiveOptions): Promise<LiveCluster> {
  const stop = new AbortController();
  const reads: Read[] = [];
  const waiting = [...liveKinds];
  let count = 0;
  const worker = async (): Promise<void> => {
    for (let kind = waiting.shift(); kind !== undefined; kind = waiting.shift()) {
      const { plural } = kind.resource;
      const tell = (read: number): void => onProgress?.(`${plural}: ${read}; ${count} objects of other kinds`);
      const read = await readKind(client, kind, { namespace, signal: stop.signal, onProgress: tell });
      if ("objects" in read) count += read.objects.length;
      reads.push(read);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, worker));
  } finally {
    stop.abort();
  }
  const objects = reads.flatMap((read) => ("objects" in read ? read.objects : []));
  return {
    files: objects.map(({ file }) => file).sort((a, b) => (a.name < b.name ? -1 : 1)),
    workloads: new Map(objects.flatMap(({ workload }) => (workload === undefined ? [] : [workload]))),
    diagnostics: remarks(reads, client.access.name),
  };
}

interface ReadKindOptions {
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (read: number) => void;
}

async function readKind(client: KubeClient, kind: LiveKind, options: ReadKindOptions): Promise<Read> {
  const { namespace, signal, onProgress } = options;
  const keep = (object: KubeObject): LiveObject => liveObject(object, kind);
  const list = (only?: string): Promise<readonly LiveObject[]> =>
    listObjects({ client, resource: kind.resource, namespace: only, signal, keep, onProgress });
  try {
    return { objects: await list() };
  } catch (error) {
    const code = error instanceof KubeError ? error.status?.code : undefined;
    if (!(error instanceof KubeError) || (code !== 403 && code !== 404)) throw error;
    // Who may not list a kind gets 403 whether the cluster knows it or not.
    if (code === 404 || (!kind.needed && !(await isServed(client, kind, signal)))) return { objects: [] };
    return kind.namespaced && namespace !== undefined ? readIn(namespace, list, kind) : denied(kind, error);
  }
}

async function readIn(
  namespace: string,
  list: (namespace: string) => Promise<readonly LiveObject[]>,
  kind: LiveKind,
): Promise<Read> {
  try {
    return { objects: await list(namespace), onlyIn: kind.resource.plural };
  } catch (error) {
    if (error instanceof KubeError && error.status?.code === 403) return denied(kind, error);
    throw error;
  }
}

function denied(kind: LiveKind, error: KubeError): Read {
  if (kind.needed) {
    const help =
      "podwall must list pods and networkpolicies; --namespace NAME is enough where only that one may be read";
    throw new KubeError("status", `${error.message}; ${help}`, { cause: error });
  }
  return { denied: kind, error };
}

/** Discovery, which everybody may ask. */
async function isServed(client: KubeClient, { resource }: LiveKind, signal: AbortSignal): Promise<boolean> {
  const { group, version, plural } = resource;
  try {
    const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const answer = (await client.call({ path, signal })) as {
      readonly resources?: readonly { readonly name?: unknown }[];
    };
    return Array.isArray(answer.resources) && answer.resources.some(({ name }) => name === plural);
  } catch (error) {
    if (error instanceof KubeError && error.status?.code === 404) return false;
    throw error;
  }
}

function liveObject(object: KubeObject, kind: LiveKind): LiveObject {
  const { name, namespace } = object.metadata;
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  const file = { name: `${kind.kind} ${path}`, text: JSON.stringify(slimObject(object, kind), null, 2) };
  const workload = kind.kind === "Pod" ? workloadOf(object) : undefined;
  return workload === undefined
    ? { file }
    : { file, workload: [podKey({ namespace: namespace ?? "", name }), workload] };
}

function remarks(reads: readonly Read[], access: string): Diagnostic[] {
  const closed = reads.flatMap((read) => ("denied" in read ? [read.denied.resource.plural] : []));
  const narrow = reads.flatMap((read) => ("onlyIn" in read ? [read.onlyIn] : []));
  const help = "ask for the right to list them in the whole cluster, or keep in mind that the answer is without them";
  return [
    ...(closed.length === 0 ? [] : [`not read, because ${access} may not list them: ${closed.sort().join(", ")}`]),
    ...(narrow.length === 0
      ? []
      : [`read in the one namespace only, because ${access} may list no others: ${narrow.sort().join(", ")}`]),
  ].map((message) => diagnostic("PW1017", message, { help }));
}
