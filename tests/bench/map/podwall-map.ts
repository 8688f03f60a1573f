import {
  type Cidr,
  type Cluster,
  type ConnectionSet,
  type Endpoint,
  FastEvaluator,
  type Pod,
  cidrContains,
  endpointOf,
  formatCidr,
  isEmpty,
  isPolicyPod,
} from "@podwall/engine";

/** The engine as the bench uses it: the only file of the bench that knows how the engine works out a whole map. */
export interface PodwallMap {
  /** Every pod that policies can see is in one. */
  readonly classes: readonly PodClass[];
  /** Who may talk to whom; may be worked out while it is read, and be read again. */
  readonly blocks: () => Iterable<OpenBlock>;
  /** One answer, as a loaded program would ask for it. */
  readonly connections: (source: Endpoint, destination: Endpoint) => ConnectionSet;
}

/** Pods that policies treat alike. */
export interface PodClass {
  readonly namespace: string;
  readonly pods: ReadonlySet<Pod>;
}

/**
 * Every pod of the sources may exchange this with every other pod of the destinations, which is not nothing. No pair of
 * classes is in two blocks. Pods with addresses of two families are met by the first.
 */
export interface OpenBlock {
  readonly sources: readonly PodClass[];
  readonly destinations: readonly PodClass[];
  readonly connections: ConnectionSet;
  /** Pairs that are not meant, by source. */
  readonly except: ReadonlyMap<PodClass, ReadonlySet<PodClass>>;
}

/** Works out what all answers rest on. */
export function mapOf(cluster: Cluster): PodwallMap {
  const evaluator = new FastEvaluator(cluster);
  const classes = classesOf(cluster);
  return {
    classes,
    blocks: () => openBlocks(evaluator, classes),
    connections: (source, destination) => evaluator.connections(source, destination),
  };
}

function* openBlocks(evaluator: FastEvaluator, classes: readonly PodClass[]): Generator<OpenBlock> {
  const ends = classes.map((podClass) => {
    const [first, second] = [...podClass.pods].slice(0, 2).map((pod) => endpointOf(pod));
    return { podClass, first: first as Endpoint, second };
  });
  for (const source of ends) {
    for (const destination of ends) {
      const to = source === destination ? source.second : destination.first;
      if (to === undefined) continue;
      const connections = evaluator.connections(source.first, to);
      if (isEmpty(connections)) continue;
      yield { sources: [source.podClass], destinations: [destination.podClass], connections, except: new Map() };
    }
  }
}

/** Pods with one namespace, equal labels and ports, in the same blocks. */
function classesOf(cluster: Cluster): PodClass[] {
  const blocks = blocksOf(cluster);
  const classes = new Map<string, { namespace: string; pods: Set<Pod> }>();
  for (const pod of cluster.pods.filter(isPolicyPod)) {
    const { namespace, ports, addresses } = pod;
    const labels = [...pod.labels].map((label) => label.join("=")).sort();
    const held = addresses.map((address) =>
      blocks.flatMap((block, index) => (cidrContains(block, address) ? [index] : [])),
    );
    const key = JSON.stringify([namespace, labels, ports, held]);
    const found = classes.get(key);
    if (found === undefined) classes.set(key, { namespace, pods: new Set([pod]) });
    else found.pods.add(pod);
  }
  return [...classes.values()];
}

function blocksOf({ policies }: Cluster): Cidr[] {
  const peers = policies.flatMap(({ ingress, egress }) => [...ingress, ...egress]).flatMap((rule) => rule.peers);
  const blocks = peers.flatMap((peer) => (peer.kind === "ipBlock" ? [peer.cidr, ...peer.except] : []));
  return [...new Map(blocks.map((block) => [formatCidr(block), block])).values()];
}

/** How many ordered pairs of different pods may exchange something, by namespace of the source and the destination. */
export function totalsByNamespace(blocks: Iterable<OpenBlock>): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const totals = new Map<string, Map<string, number>>();
  for (const { sources, destinations, except } of blocks) {
    for (const from of sources) {
      const row = totals.get(from.namespace) ?? new Map<string, number>();
      totals.set(from.namespace, row);
      for (const to of destinations) {
        if (except.get(from)?.has(to) === true) continue;
        const pairs = from.pods.size * (from === to ? from.pods.size - 1 : to.pods.size);
        row.set(to.namespace, (row.get(to.namespace) ?? 0) + pairs);
      }
    }
  }
  return totals;
}
