import {
  KubeClient,
  type KubeObject,
  kubeconfigAccess,
  resources,
  watchResource,
} from "../../../packages/kube/src/index.ts";

// A process of its own, so that its memory is that of the watch: `KUBECONFIG=… HOLD=projected|whole|nothing`. Run with
// --expose-gc; prints what it holds once in sync, and ends.

interface Sample {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly peakResidentBytes: number;
  readonly objects: number;
  readonly seconds: number;
}

/** The fields of a pod that enforcement needs. */
function project({ metadata, spec, status }: KubeObject) {
  const { nodeName, hostNetwork, containers } = spec as Readonly<Record<string, unknown>>;
  const { phase, podIPs } = status as Readonly<Record<string, unknown>>;
  const ports = (containers as readonly { readonly ports?: unknown }[]).flatMap((container) => container.ports ?? []);
  return { labels: metadata["labels"], nodeName, hostNetwork, phase, podIPs, ports };
}

const hold = process.env["HOLD"];
const decode = { projected: project, whole: (object: KubeObject) => object, nothing: () => undefined }[hold ?? ""];
const access = await kubeconfigAccess({ env: process.env });
if (decode === undefined || access === undefined) throw new Error("needs HOLD and KUBECONFIG");

const client = new KubeClient({ access });
const stop = new AbortController();
const held = new Map<string, unknown>();
await watchResource<unknown>({
  client,
  resource: resources.pods,
  decode,
  onEvent: (event) => {
    if (event.kind === "changed") held.set(event.key, event.object);
    if (event.kind === "synced") setTimeout(() => stop.abort(), 500);
  },
  signal: stop.signal,
});
client.close();
globalThis.gc?.();
const { heapUsed, rss } = process.memoryUsage();
const sample: Sample = {
  heapBytes: heapUsed,
  residentBytes: rss,
  peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  objects: held.size,
  seconds: process.uptime(),
};
process.stdout.write(JSON.stringify(sample));
